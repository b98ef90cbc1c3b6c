#!/usr/bin/env bash
# down.sh FOLDER: ends the jobs and then the daemons that up.sh FOLDER started, by their pid files; may be called again.
set -uo pipefail
root=$(realpath -m "$1")
export SLURM_CONF=$root/etc/slurm.conf
[ -s "$root/run/slurmctld.pid" ] && timeout 5 scancel --me >/dev/null 2>&1

is_alive() { grep -qsE '^State:[[:space:]]+[^ZX[:space:]]' "/proc/$1/status"; }
# stop PIDFILE NAME: the name guards against a number that is another process's by now.
stop() {
  [ -s "$1" ] || return 0
  local pid
  pid=$(cat "$1")
  if grep -qs "^$2" "/proc/$pid/comm"; then
    kill "$pid" 2>/dev/null
    for _ in $(seq 100); do is_alive "$pid" || break; sleep 0.05; done
    is_alive "$pid" && kill -9 "$pid"
  fi
  rm -f "$1"
}

for file in "$root"/run/slurmd-*.pid; do stop "$file" slurmd; done
stop "$root/run/slurmctld.pid" slurmctld
stop "$root/munge/pid" munged
exit 0
