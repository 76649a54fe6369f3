# Builds from source, with nothing but Docker: docker build -t offboarder .
FROM maven:3-eclipse-temurin-25 AS build
WORKDIR /src
# Dependencies in a layer of their own, which changes to the source leave alone.
COPY .mvn .mvn
COPY pom.xml .
RUN mvn -B -q -ntp dependency:resolve -DincludeScope=runtime dependency:resolve-plugins
COPY src/main src/main
RUN mvn -B -q -ntp -Dmaven.test.skip=true package

# A broker for the next stage alone.
FROM apache/kafka:4.4.0 AS kafka

# Classes are loaded and linked here once (JEP 483, 514), so that the service does not have to at each start.
FROM eclipse-temurin:25-jre AS archive
WORKDIR /opt/offboarder
COPY --from=kafka /opt/kafka/libs /opt/kafka/libs
COPY --from=build /src/target/offboarder.jar .
COPY src/docker/train.sh /tmp/train.sh
RUN sh /tmp/train.sh

FROM eclipse-temurin:25-jre
LABEL org.opencontainers.image.title="Offboarder" \
      org.opencontainers.image.description="Revokes the Webex authorizations of people who left and of apps that were retired" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=archive /opt/offboarder /opt/offboarder
# A number, so that Kubernetes can see that it is not root's. Nothing is written but to /tmp.
USER 10001:10001
WORKDIR /tmp
ENV OFFBOARDER_HTTP_HOST=0.0.0.0 \
    OFFBOARDER_LOG_FORMAT=json
EXPOSE 8080
# The heap follows the container's limit. No heap dump is ever written by itself: it would hold tokens.
ENTRYPOINT ["java", "-XX:AOTCache=/opt/offboarder/offboarder.aot", "-XX:MaxRAMPercentage=70", "-XX:+ExitOnOutOfMemoryError", "-jar", "/opt/offboarder/offboarder.jar"]
CMD ["run"]
