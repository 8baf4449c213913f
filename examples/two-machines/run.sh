#!/usr/bin/env bash
# A server and a learner on two machines, played by two network namespaces with a virtual cable between them.
#
#     sudo examples/two-machines/run.sh                                  one episode of CartPole-v1
#     sudo examples/two-machines/run.sh python3 my_learner.py            anything that reads SOCKETGYM_ADDRESS
#
# Needs iproute2 and root. Exits with 77 where this machine does not allow namespaces.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
command=("$@")
[ $# -gt 0 ] || command=(python3 "$root/examples/python-client/run_episode.py" CartPole-v1)
server=gym-server-$$ learner=gym-learner-$$

if ! command -v ip >/dev/null || ! reason=$(ip netns add "$server" 2>&1); then
    echo "two-machines: no network namespaces here: ${reason:-iproute2 is missing}" >&2
    exit 77
fi
trap 'ip netns delete "$server"; ip netns delete "$learner" 2>/dev/null || true' EXIT
if ! reason=$(ip netns add "$learner" 2>&1 && ip link add cable netns "$server" type veth peer name cable netns "$learner" 2>&1); then
    echo "two-machines: no virtual cable here: $reason" >&2
    exit 77
fi
ip -n "$server" address add 10.0.0.1/24 dev cable
ip -n "$learner" address add 10.0.0.2/24 dev cable
for machine in "$server" "$learner"; do
    ip -n "$machine" link set lo up
    ip -n "$machine" link set cable up
done

coproc SERVER { exec ip netns exec "$server" dotnet "$root/src/SocketGym.Server/bin/Release/net10.0/socketgym.dll" serve --host 10.0.0.1; }
process=$SERVER_PID
exec {output}<&"${SERVER[0]}"
address=
while [ -z "$address" ] && read -r word rest <&"$output"; do
    [ "$word" != address ] || address=$rest
done
[ -n "$address" ] || { echo "two-machines: the server did not start; build it: dotnet build -c Release" >&2; exit 1; }
echo "server at $address"

status=0
SOCKETGYM_ADDRESS=$address ip netns exec "$learner" "${command[@]}" || status=$?
echo "$(ip netns exec "$learner" cat /sys/class/net/cable/statistics/rx_packets) packets came over the cable"
kill "$process"
wait "$process"
exit "$status"
