/** The system calls that workloads may make, by what they are for. Everything else answers ENOSYS, as an older kernel would. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  files:
    words(`access faccessat faccessat2 open openat openat2 creat close close_range read write readv writev pread64 pwrite64
    preadv pwritev preadv2 pwritev2 lseek stat fstat lstat newfstatat statx statfs fstatfs getdents getdents64 getcwd chdir fchdir
    mkdir mkdirat rmdir rename renameat renameat2 unlink unlinkat link linkat symlink symlinkat readlink readlinkat chmod fchmod
    fchmodat fchmodat2 chown fchown lchown fchownat umask truncate ftruncate fallocate fadvise64 readahead utime utimes utimensat
    futimesat mknod mknodat flock fcntl fsync fdatasync sync syncfs sync_file_range sendfile copy_file_range splice tee vmsplice
    getxattr lgetxattr fgetxattr listxattr llistxattr flistxattr setxattr lsetxattr fsetxattr removexattr lremovexattr fremovexattr
    inotify_init inotify_init1 inotify_add_watch inotify_rm_watch ioctl dup dup2 dup3 pipe pipe2 memfd_create cachestat`),
  memory:
    words(`brk mmap munmap mremap mprotect madvise mincore msync mlock mlock2 munlock mlockall munlockall membarrier
    pkey_alloc pkey_free pkey_mprotect get_mempolicy`),
  processes:
    words(`fork vfork execve execveat exit exit_group wait4 waitid kill tkill tgkill getpid getppid gettid getpgid getpgrp
    setpgid getsid setsid set_tid_address set_robust_list get_robust_list futex futex_waitv futex_wake futex_wait futex_requeue rseq
    sched_yield sched_getaffinity sched_setaffinity sched_getparam sched_setparam sched_getscheduler sched_setscheduler
    sched_getattr sched_setattr sched_get_priority_max sched_get_priority_min sched_rr_get_interval getpriority setpriority
    ioprio_get ioprio_set prctl arch_prctl getrlimit setrlimit prlimit64 getrusage times uname sysinfo getcpu capget capset
    pidfd_open pidfd_send_signal seccomp landlock_create_ruleset landlock_add_rule landlock_restrict_self`),
  identity:
    words(`getuid geteuid getgid getegid getresuid getresgid getgroups setuid setgid setreuid setregid setresuid setresgid
    setgroups setfsuid setfsgid`),
  signals:
    words(`rt_sigaction rt_sigprocmask rt_sigpending rt_sigsuspend rt_sigtimedwait rt_sigqueueinfo rt_tgsigqueueinfo
    rt_sigreturn sigaltstack signalfd signalfd4 pause alarm restart_syscall`),
  time: words(`time gettimeofday clock_gettime clock_getres clock_nanosleep nanosleep getitimer setitimer timer_create
    timer_settime timer_gettime timer_getoverrun timer_delete timerfd_create timerfd_settime timerfd_gettime`),
  waiting:
    words(`poll ppoll select pselect6 epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait epoll_pwait2 eventfd
    eventfd2 getrandom`),
  network:
    words(`socketpair bind listen accept accept4 connect shutdown getsockname getpeername getsockopt setsockopt sendto
    sendmsg sendmmsg recvfrom recvmsg recvmmsg`),
  sharing: words(`shmget shmat shmdt shmctl semget semop semtimedop semctl msgget msgsnd msgrcv msgctl`),
};

/** Ways to more rights or into the kernel's rarely trodden parts. They answer EPERM, which programs report as what it is. */
const refused =
  words(`unshare setns mount umount umount2 pivot_root chroot mount_setattr move_mount fsopen fsconfig fsmount fspick
  open_tree keyctl add_key request_key bpf perf_event_open ptrace process_vm_readv process_vm_writev kcmp pidfd_getfd userfaultfd
  kexec_load kexec_file_load init_module finit_module delete_module reboot swapon swapoff open_by_handle_at name_to_handle_at
  quotactl acct syslog iopl ioperm modify_ldt settimeofday clock_settime clock_adjtime adjtimex sethostname setdomainname
  fanotify_init vhangup lookup_dcookie personality`);

const EPERM = 1;
const ENOSYS = 38;
/** clone(2) flags that make namespaces: mount, cgroup, UTS, IPC, user, PID and network. */
const namespaceFlags = 0x7e020000;
const addressFamilies = { unix: 1, inet: 2, inet6: 10, netlink: 16 };
const netlinkRoute = 0;

/**
 * The seccomp profile of workloads and builds (containers/common's form). Only the machine's own calling convention; no new namespaces;
 * `clone3` hides its flags from filters, so it answers ENOSYS and the C library takes `clone`; sockets of four families.
 */
export function seccompProfile(): object {
  const argument = (index: number, value: number) => ({ index, value, op: 'SCMP_CMP_EQ' });
  const noNamespace = { index: 0, value: namespaceFlags, valueTwo: 0, op: 'SCMP_CMP_MASKED_EQ' };
  const { unix, inet, inet6, netlink } = addressFamilies;
  return {
    defaultAction: 'SCMP_ACT_ERRNO',
    defaultErrnoRet: ENOSYS,
    archMap: [
      { architecture: 'SCMP_ARCH_X86_64', subArchitectures: [] },
      { architecture: 'SCMP_ARCH_AARCH64', subArchitectures: [] },
    ],
    syscalls: [
      { names: Object.values(allowed).flat(), action: 'SCMP_ACT_ALLOW', args: [] },
      { names: ['clone'], action: 'SCMP_ACT_ALLOW', args: [noNamespace] },
      ...[unix, inet, inet6].map((family) => ({
        names: ['socket'],
        action: 'SCMP_ACT_ALLOW',
        args: [argument(0, family)],
      })),
      { names: ['socket'], action: 'SCMP_ACT_ALLOW', args: [argument(0, netlink), argument(2, netlinkRoute)] },
      { names: refused, action: 'SCMP_ACT_ERRNO', errnoRet: EPERM, args: [] },
    ],
  };
}

function words(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}
