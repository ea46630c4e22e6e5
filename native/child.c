/*
 * The new process, until execve: nothing but system calls and string functions, since it shares the holder's memory, and
 * runs beside it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>
#include "child.h"
#include "job.h"
#include "machine.h"

enum { MOST_JOINED = 4 }; /* what is shown in the mount namespace of another process */
enum { REPORT = 3 }; /* the descriptor by which it says what failed */

struct rlimit file_limit;

static _Noreturn void refuse(int stage, long error) {
  int32_t report[2] = { stage, (int32_t)-error };
  SC(SYS_write, REPORT, report, sizeof report);
  for (;;) SC(SYS_exit_group, 127);
}

static void demand(int stage, long result) {
  if (result < 0) refuse(stage, result);
}


static int connect_stdio(const struct field *given, int stage) {
  const uint8_t *p = given->value;
  uint32_t len = get32(p + 2);
  long s = SC(SYS_socket, get16(p + 6), SOCK_STREAM | SOCK_CLOEXEC, 0), n;
  demand(stage, s);
  demand(stage, SC(SYS_connect, s, p + 6, len));
  for (uint32_t at = 6 + len; at < given->len; at += (uint32_t)n) demand(stage, n = SC(SYS_write, s, p + at, given->len - at));
  return (int)s;
}

/* A file is opened as its user, inside the root, from the working directory. */
static int open_stdio(const struct field *given, int stage) {
  const uint8_t *p = given->value;
  struct stat st;
  uint32_t flags = get32(p + 2);
  if (p[1] == KIND_SOCKET) return connect_stdio(given, stage);
  /* without waiting: opening a named pipe would wait for its other end */
  long f = SC(SYS_openat, AT_FDCWD, p + 10, flags | O_NONBLOCK | O_CLOEXEC | O_NOCTTY, get32(p + 6));
  if (f == -ENXIO) refuse(stage, -EINVAL);
  demand(stage, f);
  demand(stage, SC(SYS_fstat, f, &st));
  if (S_ISFIFO(st.st_mode)) refuse(stage, -EINVAL);
  SC(SYS_fcntl, f, F_SETFL, flags & ~(uint32_t)O_NONBLOCK);
  return (int)f;
}

/*
 * The capabilities that this process has stay through execve, which takes them from whoever is not root; but for those to
 * become others, whom a user namespace of one user does not have: CRIU would take them for a sign that it has root.
 */
static void keep_rights(struct __user_cap_header_struct *version) {
  struct __user_cap_data_struct own[_LINUX_CAPABILITY_U32S_3];
  demand(AT_PRIVILEGES, SC(SYS_capget, version, own));
  own[0].permitted &= ~(1u << CAP_SETUID | 1u << CAP_SETGID);
  for (int i = 0; i < _LINUX_CAPABILITY_U32S_3; i++) own[i].effective = own[i].inheritable = own[i].permitted;
  demand(AT_PRIVILEGES, SC(SYS_capset, version, own));
  for (long cap = 0; cap < 32 * _LINUX_CAPABILITY_U32S_3; cap++)
    if (own[cap / 32].permitted >> cap % 32 & 1) demand(AT_PRIVILEGES, SC(SYS_prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, cap, 0, 0));
}

static void become_user(const struct job *j) {
  struct __user_cap_header_struct version = { .version = _LINUX_CAPABILITY_VERSION_3 };
  struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = { 0 };
  const struct field *given = &j->fields[F_GROUPS];
  uint32_t groups[MOST_GROUPS];
  int64_t uid = number(j, F_UID), gid = number(j, F_GID);
  for (long cap = 0, r = 0; has_flag(j, DROP_CAPS) && r != -EINVAL; cap++) {
    r = SC(SYS_prctl, PR_CAPBSET_DROP, cap);
    if (r != -EINVAL) demand(AT_PRIVILEGES, r); /* else there are no more of them */
  }
  for (uint32_t at = 0; at < given->len; at += 4) groups[at / 4] = get32(given->value + at);
  if (gid >= 0) demand(AT_USER, SC(SYS_setgroups, given->len / 4, groups));
  if (gid >= 0) demand(AT_USER, SC(SYS_setresgid, gid, gid, gid));
  if (uid >= 0) demand(AT_USER, SC(SYS_setresuid, uid, uid, uid));
  if (has_flag(j, KEEP_RIGHTS) && uid < 0) { keep_rights(&version); return; }
  /* the kernel takes them away only where root becomes another; what a holder has that is not root is not for its user's programs */
  if (uid > 0 || (uid < 0 && geteuid() != 0)) demand(AT_USER, SC(SYS_capset, &version, none));
}

/* The call has this number everywhere, but for a bit that says by which convention it was made. */
static void forbid_io_uring(void) {
  struct sock_filter code[] = {
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
    BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xffff),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 425, 0, 1), /* io_uring_setup, without which the others are of no use */
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = { COUNT(code), code };
  demand(AT_PRIVILEGES, SC(SYS_prctl, PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program));
}

/* The first of the files that can be run; or this program itself, wherever the root is now. */
static long run_file(const struct job *j, long self) {
  long failed = -ENOENT;
  if (has_flag(j, RUN_SELF)) return SC(SYS_execveat, self, "", j->argv, j->envp, AT_EMPTY_PATH);
  for (char **file = j->files; *file != NULL; file++) {
    long r = SC(SYS_execve, *file, j->argv, j->envp);
    if (r != -EACCES && r != -ENOENT && r != -ENOTDIR) return r;
    if (failed != -EACCES) failed = r;
  }
  return failed;
}

/* Shows files and directories at other places, to this process and what comes of it alone. */
static void bind_files(const struct job *j) {
  demand(AT_BIND, SC(SYS_unshare, CLONE_NEWNS));
  demand(AT_BIND, SC(SYS_mount, "none", "/", 0, MS_REC | MS_SLAVE, 0));
  for (const uint8_t *p = j->spec; p < j->spec + j->spec_len; p += 6 + get32(p + 2)) {
    if (get16(p) != F_BIND) continue;
    const char *from = (const char *)p + 10, *to = from + strlen(from) + 1;
    demand(AT_BIND, SC(SYS_mount, from, to, 0, MS_BIND | MS_REC, 0));
    if (get32(p + 6) & BIND_FROZEN) demand(AT_BIND, SC(SYS_mount, 0, to, 0, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV, 0));
  }
}

/*
 * Goes where a process is, with what is to be seen there too: at places where only this program shows anything, and what
 * was there before goes.
 */
static void join_mounts(const struct job *j) {
  long tree[MOST_JOINED], n = 0, pidfd = SC(SYS_pidfd_open, number(j, F_JOIN), 0);
  demand(AT_BIND, pidfd);
  for (const uint8_t *p = j->spec; p < j->spec + j->spec_len; p += 6 + get32(p + 2))
    if (get16(p) == F_BIND && n < MOST_JOINED)
      demand(AT_BIND, tree[n++] = SC(SYS_open_tree, AT_FDCWD, p + 10, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC));
  demand(AT_BIND, SC(SYS_setns, pidfd, CLONE_NEWNS));
  n = 0;
  for (const uint8_t *p = j->spec; p < j->spec + j->spec_len; p += 6 + get32(p + 2)) {
    if (get16(p) != F_BIND || n == MOST_JOINED) continue;
    const char *from = (const char *)p + 10, *to = from + strlen(from) + 1;
    if (n == 0) while (SC(SYS_umount2, to, MNT_DETACH) == 0);
    demand(AT_BIND, SC(SYS_move_mount, tree[n++], "", AT_FDCWD, to, MOVE_MOUNT_F_EMPTY_PATH));
  }
}

/*
 * What has a mount namespace of its own has nothing else in it: so its paths are the same wherever its root is, and
 * whoever joins it sees them as it does. The root of an initramfs cannot be taken away.
 */
static void change_root(const struct job *j) {
  const uint8_t *root = j->fields[F_ROOT].value;
  if (j->fields[F_BIND].value == NULL) { demand(AT_ROOT, SC(SYS_chroot, root)); return; }
  demand(AT_ROOT, SC(SYS_chdir, root));
  long r = SC(SYS_pivot_root, ".", ".");
  if (r == -EINVAL) demand(AT_ROOT, SC(SYS_chroot, "."));
  else demand(AT_ROOT, r), demand(AT_ROOT, SC(SYS_umount2, ".", MNT_DETACH));
  /* what the holder opened for it is not of its file system */
  for (int fd = 0; fd < 3; fd++) {
    if (j->child_fd[fd] < 0 || j->successor > 0 || j->stdio[fd].value[1] != KIND_NULL) continue;
    long null = SC(SYS_openat, AT_FDCWD, "/dev/null", O_RDWR | O_CLOEXEC);
    if (null >= 0) SC(SYS_dup3, null, fd, 0);
  }
}

/* The streams are those of the process that it makes, and not its own. */
static void step_aside(void) {
  for (int fd = 0; fd < 3; fd++) demand(AT_STDIN + fd, SC(SYS_dup3, fd, MADE_STDIN + fd, 0));
  long null = SC(SYS_openat, AT_FDCWD, "/dev/null", O_RDWR | O_CLOEXEC);
  demand(AT_STDIN, null);
  for (int fd = 0; fd < 3; fd++) SC(SYS_dup3, null, fd, 0);
}

/* Connections that the program finds open beside its streams. */
static void open_more(const struct job *j) {
  for (const struct field *given = j->more; given->value != NULL; given++) {
    int fd = given->value[0], s = connect_stdio(given, AT_DESCRIPTOR);
    demand(AT_DESCRIPTOR, s == fd ? SC(SYS_fcntl, s, F_SETFD, 0) : SC(SYS_dup3, s, fd, 0));
  }
}

void child(void *arg) {
  struct job *j = arg;
  uint64_t none = 0;
  long self = -1;
  for (int fd = 0; fd < 3; fd++) if (j->child_fd[fd] >= 0) demand(AT_STDIN + fd, SC(SYS_dup3, j->child_fd[fd], fd, 0));
  if (j->exec_fd != REPORT) SC(SYS_dup3, j->exec_fd, REPORT, O_CLOEXEC);
  if (j->successor > 0) step_aside();
  /* what other starts have open in the holder is not to stay open here, should this one hang */
  SC(SYS_close_range, j->successor > 0 ? MADE_STDIN + 3 : REPORT + 1, ~0u, 0);
  if (has_flag(j, RUN_SELF)) demand(AT_EXEC, self = SC(SYS_openat, AT_FDCWD, "/proc/self/exe", O_PATH | O_CLOEXEC));
  demand(AT_SESSION, SC(SYS_setsid));
  /* what makes a process gives it the terminal, too */
  if (j->tty && j->successor == 0) demand(AT_SESSION, SC(SYS_ioctl, j->stdio[0].value[1] == KIND_TTY ? 0 : 1, TIOCSCTTY, 0));
  if (number(j, F_UNSHARE) > 0) demand(AT_UNSHARE, SC(SYS_unshare, number(j, F_UNSHARE)));
  SC(SYS_prlimit64, 0, RLIMIT_NOFILE, &file_limit, 0);
  if (number(j, F_UMASK) >= 0) SC(SYS_umask, number(j, F_UMASK));
  if (number(j, F_JOIN) > 0) join_mounts(j);
  else if (j->fields[F_BIND].value != NULL) bind_files(j);
  if (j->fields[F_ROOT].value != NULL) change_root(j);
  become_user(j);
  demand(AT_CWD, SC(SYS_chdir, j->fields[F_CWD].value));
  for (int fd = 0, at = AT_STDIN; fd < 3; fd++, at++)
    if (j->child_fd[fd] < 0) demand(at, SC(SYS_dup3, open_stdio(&j->stdio[fd], at), fd, 0));
  open_more(j);
  /* as its user: only root raises a hard limit */
  for (const struct field *limit = j->limits; limit->value != NULL; limit++) {
    uint64_t pair[2] = { get64(limit->value + 4), get64(limit->value + 12) };
    demand(AT_RLIMIT, SC(SYS_prlimit64, 0, get32(limit->value), pair, 0));
  }
  if (has_flag(j, NO_NEW_PRIVS | NO_IO_URING)) demand(AT_PRIVILEGES, SC(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
  if (has_flag(j, NO_IO_URING)) forbid_io_uring();
  SC(SYS_rt_sigprocmask, SIG_SETMASK, &none, 0, sizeof none);
  refuse(AT_EXEC, run_file(j, self));
}
