# Lets the program do its whole work once, with a broker and a sandbox, and keeps which classes that took.
set -e
cd /opt/offboarder
cat > /tmp/broker.properties <<'EOF'
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@localhost:9093
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://:9092,CONTROLLER://:9093
advertised.listeners=PLAINTEXT://localhost:9092
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
log.dirs=/tmp/broker
EOF
kafka() { java -Xmx512m -XX:TieredStopAtLevel=1 -cp '/opt/kafka/libs/*' "$@"; }
kafka kafka.tools.StorageTool format -t 4L6g3nShT-eMCtK--X86sw -c /tmp/broker.properties > /dev/null
kafka kafka.Kafka /tmp/broker.properties > /tmp/broker.log 2>&1 &
broker=$!
# The archive is good for a class path that is written as it was here.
jar=/opt/offboarder/offboarder.jar
offboarder() { java -jar "$jar" "$@"; }
offboarder sandbox --port 8085 --person ann@example.com > /dev/null 2>&1 &
sandbox=$!

export OFFBOARDER_WEBEX_BASE_URL=http://127.0.0.1:8085/v1 OFFBOARDER_WEBEX_ACCESS_TOKEN=sandbox-access-token
export OFFBOARDER_LOG_FORMAT=json
java -XX:AOTCacheOutput=offboarder.aot -jar "$jar" run --create-topics > /tmp/run.log 2>&1 &
service=$!
# Waits for what it asks for, not for a time. Where a slow machine ends the service early, what it did until then is kept.
running() { kill -0 $service 2> /dev/null; }
until offboarder health > /tmp/health 2>&1 || ! running; do sleep 1; done
offboarder send user-terminated --person-email ann@example.com || kill $service || true
until grep -q revoked /tmp/run.log || ! running; do sleep 1; done
kill $service || true
wait $service || true
kill $sandbox $broker || true
cat /tmp/run.log
test -s offboarder.aot
