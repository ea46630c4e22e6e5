/*
 * What the kernel can do: starts so many processes with three pipes each, so many at a time, and waits for them.
 * Arguments: how many, how many at a time, the program. Prints how many a second.
 */
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MOST 1024

struct job {
  pid_t pid;
  int in, out, err;
};

static void begin(struct job *job, const char *program) {
  char *const argv[] = {(char *)program, NULL}, *const env[] = {NULL};
  int in[2], out[2], errors[2];
  if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC) || pipe2(errors, O_CLOEXEC)) err(1, "pipe2");
  job->pid = vfork();
  if (job->pid < 0) err(1, "vfork");
  if (job->pid == 0) {
    if (dup2(in[0], 0) < 0 || dup2(out[1], 1) < 0 || dup2(errors[1], 2) < 0) _exit(126);
    execve(program, argv, env);
    _exit(127);
  }
  close(in[0]), close(out[1]), close(errors[1]);
  job->in = in[1], job->out = out[0], job->err = errors[0];
}

static void finish(struct job *job, int status) {
  char rest[512];
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) errx(1, "a process ended with %d", status);
  while (read(job->out, rest, sizeof rest) > 0 || read(job->err, rest, sizeof rest) > 0) continue;
  close(job->in), close(job->out), close(job->err);
  job->pid = 0;
}

int main(int argc, char **argv) {
  static struct job jobs[MOST];
  struct timespec from, to;
  int count = argc > 3 ? atoi(argv[1]) : 0, width = argc > 3 ? atoi(argv[2]) : 0, begun = 0, status;
  if (count < 1 || width < 1 || width > MOST) errx(2, "usage: starts COUNT WIDTH PROGRAM");
  clock_gettime(CLOCK_MONOTONIC, &from);
  for (; begun < width && begun < count; begun++) begin(&jobs[begun], argv[3]);
  for (int ended = 0; ended < count; ended++) {
    pid_t pid = wait(&status);
    if (pid < 0) err(1, "wait");
    for (int at = 0; at < width; at++) {
      if (jobs[at].pid != pid) continue;
      finish(&jobs[at], status);
      if (begun < count) begun++, begin(&jobs[at], argv[3]);
      break;
    }
  }
  clock_gettime(CLOCK_MONOTONIC, &to);
  printf("%.1f\n", count / ((to.tv_sec - from.tv_sec) + (to.tv_nsec - from.tv_nsec) / 1e9));
  return 0;
}
