/*
 * What depends on the machine: system calls that touch no errno, since a new process shares the holder's memory, and
 * one that lets such a process begin beside its parent, on a stack of its own.
 */
#ifndef MACHINE_H
#define MACHINE_H
#include <linux/sched.h>
#include <sys/syscall.h>

#if defined(__x86_64__)
static inline long sc6(long n, long a, long b, long c, long d, long e, long f) {
  long r;
  register long r10 __asm__("r10") = d, r8 __asm__("r8") = e, r9 __asm__("r9") = f;
  __asm__ volatile("syscall" : "=a"(r) : "a"(n), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                   : "rcx", "r11", "memory");
  return r;
}
static inline long clone_beside(struct clone_args *args, void (*run)(void *), void *with) {
  long r;
  register void *fn __asm__("r12") = (void *)run, *arg __asm__("r13") = with;
  __asm__ volatile("syscall\n\ttest %%rax, %%rax\n\tjnz 1f\n\txor %%ebp, %%ebp\n\tmov %%r13, %%rdi\n\tcall *%%r12\n\tud2\n1:"
                   : "=a"(r) : "a"(SYS_clone3), "D"(args), "S"(sizeof *args), "r"(fn), "r"(arg)
                   : "rcx", "r11", "memory", "cc");
  return r;
}
#elif defined(__aarch64__)
static inline long sc6(long n, long a, long b, long c, long d, long e, long f) {
  register long x8 __asm__("x8") = n, x0 __asm__("x0") = a, x1 __asm__("x1") = b, x2 __asm__("x2") = c,
                x3 __asm__("x3") = d, x4 __asm__("x4") = e, x5 __asm__("x5") = f;
  __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory", "cc");
  return x0;
}
static inline long clone_beside(struct clone_args *args, void (*run)(void *), void *with) {
  register long x8 __asm__("x8") = SYS_clone3, x1 __asm__("x1") = sizeof *args;
  register void *x0 __asm__("x0") = args, *fn __asm__("x20") = (void *)run, *arg __asm__("x21") = with;
  __asm__ volatile("svc 0\n\tcbnz x0, 1f\n\tmov x29, xzr\n\tmov x0, x21\n\tblr x20\n\tbrk 0\n1:"
                   : "+r"(x0) : "r"(x8), "r"(x1), "r"(fn), "r"(arg) : "memory", "cc");
  return (long)x0;
}
#else
#error "the system calls of this machine are not written here yet"
#endif
#define SC_(n, a, b, c, d, e, f, ...) sc6((long)(n), (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))
#define SC(...) SC_(__VA_ARGS__, 0, 0, 0, 0, 0, 0)

#endif
