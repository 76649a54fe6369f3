# Lets the program do a little of everything that needs no Kafka, and keeps which classes that took.
set -e
cd /opt/offboarder
java -jar /opt/offboarder/offboarder.jar sandbox --port 8085 --person ann@example.com &
sandbox=$!
sleep 3
export OFFBOARDER_WEBEX_BASE_URL=http://127.0.0.1:8085/v1 OFFBOARDER_WEBEX_ACCESS_TOKEN=sandbox-access-token
# There is no Kafka here, so the check fails; what it loads on the way is what counts.
java -XX:AOTCacheOutput=offboarder.aot -jar /opt/offboarder/offboarder.jar check --timeout 3s || true
kill "$sandbox"
test -s offboarder.aot
