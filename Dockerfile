# Builds from source, with nothing but Docker: docker build -t offboarder .
# Other images than these, or these by their digests: docs/DEPLOYING.md. docker-compose passes an argument that is not set
# as an empty one.
ARG MAVEN_IMAGE
ARG JRE_IMAGE
ARG KAFKA_IMAGE
ARG MAVEN=${MAVEN_IMAGE:-maven:3.9.16-eclipse-temurin-25-noble}
ARG JRE=${JRE_IMAGE:-eclipse-temurin:25.0.3_9-jre-noble}
ARG KAFKA=${KAFKA_IMAGE:-apache/kafka:4.4.0}

FROM ${JRE} AS jre

FROM ${MAVEN} AS build
WORKDIR /src
# Dependencies in a layer of their own, which changes to the source leave alone.
COPY .mvn .mvn
COPY pom.xml .
RUN mvn -B -q -ntp dependency:resolve -DincludeScope=runtime dependency:resolve-plugins
COPY src/main src/main
COPY src/release src/release
# The bill of materials names what the image stands on, down to the packages of its system.
COPY --from=jre /opt/java/openjdk/release /usr/lib/os-release /var/lib/dpkg/status /base/
ARG JRE
ARG SOURCE_COMMIT
RUN mvn -B -q -ntp -Dmaven.test.skip=true -Doffboarder.jre-image="$JRE" -Doffboarder.base-files=/base \
    -Doffboarder.commit="$SOURCE_COMMIT" package

# A broker for the next stage alone.
FROM ${KAFKA} AS kafka

# Classes are loaded and linked here once (JEP 483, 514), so that the service does not have to at each start. Where that
# does not work, the image is complete without.
FROM jre AS cache
WORKDIR /opt/offboarder
COPY --from=kafka /opt/kafka/libs /opt/kafka/libs
COPY --from=build /src/target/offboarder.jar /src/target/offboarder-sbom.json /src/target/offboarder-provenance.json ./
COPY src/docker/java.options .
COPY src/docker/aot-cache /tmp/aot-cache
RUN if bash /tmp/aot-cache /opt/offboarder/offboarder.jar /opt/offboarder/offboarder.aot '/opt/kafka/libs/*' /tmp/logs \
        $(grep '^-X' java.options); \
    then sed -i '1i -XX:AOTCache=/opt/offboarder/offboarder.aot' java.options; fi

FROM jre
ARG JRE
ARG SOURCE_COMMIT
LABEL org.opencontainers.image.title="Offboarder" \
      org.opencontainers.image.description="Revokes the Webex authorizations of people who left and of apps that were retired" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.base.name="${JRE}" \
      org.opencontainers.image.revision="${SOURCE_COMMIT}"
COPY --from=cache /opt/offboarder /opt/offboarder
# For the commands beside the service: docker exec … offboarder status.
COPY --from=build /src/target/offboarder /opt/offboarder/offboarder
RUN ln -s /opt/offboarder/offboarder /usr/local/bin/offboarder
# A number, so that Kubernetes can see that it is not root's. Nothing is written but to /tmp.
USER 10001:10001
WORKDIR /tmp
ENV OFFBOARDER_HTTP_HOST=0.0.0.0 \
    OFFBOARDER_LOG_FORMAT=json
EXPOSE 8080
# The heap follows the container's limit. No heap dump is ever written by itself: it would hold tokens.
ENTRYPOINT ["java", "@/opt/offboarder/java.options"]
CMD ["run"]
