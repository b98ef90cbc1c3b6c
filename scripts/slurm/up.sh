#!/usr/bin/env bash
# up.sh FOLDER: starts a throwaway Slurm on loopback, without systemd: munged, slurmctld, and several slurmd on this machine,
# with GPUs that are none. Prints the line that points Slurm's commands at it; down.sh FOLDER ends it.
# In the environment: NODES=2 CPUS=2 GPUS=2 PORT=16817. Debian: apt-get install --no-install-recommends slurm-wlm munge
set -euo pipefail
root=$(realpath -m "$1")
NODES=${NODES:-2} CPUS=${CPUS:-2} GPUS=${GPUS:-2} PORT=${PORT:-16817}
PATH=$PATH:/usr/sbin:/sbin
export SLURM_CONF=$root/etc/slurm.conf
host=$(hostname -s) user=$(id -un)

# A daemon that has ended may stay as a zombie for long.
is_alive() { [ -s "$1" ] && grep -qsE '^State:[[:space:]]+[^ZX[:space:]]' "/proc/$(cat "$1")/status"; }
wait_for() {
  for _ in $(seq 200); do if eval "$1" >/dev/null 2>&1; then return 0; fi; sleep 0.05; done
  echo "up.sh: waited in vain for: $1" >&2
  tail -5 "$root/log/slurmctld.log" >&2 || true
  return 1
}

mkdir -p "$root"/{etc,log,run,state,munge}
chmod 755 "$root" "$root"/{etc,log,run,state,munge}
if ! is_alive "$root/munge/pid"; then
  [ -s "$root/munge/key" ] || (umask 077; head -c 128 /dev/urandom >"$root/munge/key")
  rm -f "$root/munge/socket" "$root/munge/socket.lock"
  # The folder may lie below one that everybody writes: --force.
  munged --force --num-threads=2 --key-file="$root/munge/key" --socket="$root/munge/socket" \
    --pid-file="$root/munge/pid" --log-file="$root/munge/log" --seed-file="$root/munge/seed" 2>/dev/null
  wait_for "munge -n -S $root/munge/socket"
fi

if [ ! -s "$SLURM_CONF" ]; then
  : >"$root/etc/plugstack.conf"
  echo 'CgroupAutomount=no' >"$root/etc/cgroup.conf"
  {
    echo 'AutoDetect=off'
    # slurmd wants a device: a link to one is one.
    for gpu in $(seq 0 $((GPUS - 1))); do ln -sfn /dev/null "$root/etc/gpu$gpu"; done
    echo "Name=gpu Type=fake File=$root/etc/gpu[0-$((GPUS - 1))]"
  } >"$root/etc/gres.conf"
  nodes=$(seq -s, -f "$host-n%g" 1 "$NODES")
  cat >"$SLURM_CONF" <<C
ClusterName=throwaway
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$PORT
SlurmUser=$user
SlurmdUser=$user
AuthType=auth/munge
# A requeued job waits as long as a credential lives: two minutes by default.
AuthInfo=socket=$root/munge/socket,cred_expire=5
CredType=cred/munge
StateSaveLocation=$root/state
SlurmdSpoolDir=$root/run/spool-%n
SlurmctldPidFile=$root/run/slurmctld.pid
SlurmdPidFile=$root/run/slurmd-%n.pid
SlurmctldLogFile=$root/log/slurmctld.log
SlurmdLogFile=$root/log/slurmd-%n.log
PlugStackConfig=$root/etc/plugstack.conf
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
JobCompType=jobcomp/filetxt
JobCompLoc=$root/log/jobcomp.txt
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
MpiDefault=none
SwitchType=switch/none
GresTypes=gpu
ReturnToService=2
SlurmdTimeout=10
SlurmctldTimeout=10
KillWait=10
CompleteWait=0
MinJobAge=3600
SchedulerType=sched/backfill
SchedulerParameters=batch_sched_delay=0,sched_interval=2,sched_min_interval=0,bf_interval=2
# More cores than the machine has may be said.
SlurmdParameters=config_overrides
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
SlurmctldParameters=preempt_send_user_signal
PartitionName=test Nodes=$nodes Default=YES MaxTime=INFINITE DefaultTime=10 State=UP PriorityTier=1 GraceTime=10
PartitionName=urgent Nodes=$nodes MaxTime=INFINITE DefaultTime=10 State=UP PriorityTier=10 PreemptMode=OFF
C
  for node in $(seq 1 "$NODES"); do
    echo "NodeName=$host-n$node NodeHostname=$host NodeAddr=127.0.0.1 Port=$((PORT + node)) CPUs=$CPUS" \
      "RealMemory=4000 Gres=gpu:fake:$GPUS State=UNKNOWN" >>"$SLURM_CONF"
  done
fi

is_alive "$root/run/slurmctld.pid" || slurmctld -i >/dev/null
for node in $(seq 1 "$NODES"); do
  mkdir -p "$root/run/spool-$host-n$node"
  is_alive "$root/run/slurmd-$host-n$node.pid" || slurmd -N "$host-n$node"
done
wait_for "scontrol ping | grep -q UP"
wait_for "[ \$(sinfo -h -N -t idle,mix,alloc -o %N | sort -u | wc -l) -eq $NODES ]"
echo "export SLURM_CONF=$SLURM_CONF"
