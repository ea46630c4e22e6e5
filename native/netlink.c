/* Addresses and packets of this network namespace, by the kernel's netlink: no program of the node is needed for it. */
#define _GNU_SOURCE
#include "netlink.h"
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/rtnetlink.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#ifndef NFT_TABLE_F_OWNER
#define NFT_TABLE_F_OWNER 0x2 /* of Linux 5.12: the table goes with the socket that made it */
#endif
#define RAW (-300) /* before whatever else looks at packets */
#define SOURCE 12  /* where an IPv4 header has its addresses */
#define TARGET 16

/* Messages that are put together, one after the other. */
struct batch {
  _Alignas(NLMSG_ALIGNTO) char bytes[2048];
  size_t len;
  struct nlmsghdr *last;
  uint32_t acks;
};

static void *extend(struct batch *b, size_t len) {
  void *at = b->bytes + b->len;
  memset(at, 0, NLMSG_ALIGN(len));
  b->len += NLMSG_ALIGN(len);
  if (b->last != NULL) b->last->nlmsg_len = (uint32_t)(b->bytes + b->len - (char *)b->last);
  return at;
}

static void *message(struct batch *b, int type, int flags, size_t len) {
  b->last = NULL;
  struct nlmsghdr *header = extend(b, sizeof *header);
  b->last = header;
  header->nlmsg_type = (uint16_t)type;
  header->nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags);
  header->nlmsg_seq = flags & NLM_F_ACK ? ++b->acks : 0;
  return extend(b, len);
}

static struct nlattr *attribute(struct batch *b, int type, const void *value, size_t len) {
  struct nlattr *at = extend(b, NLA_HDRLEN + len);
  at->nla_type = (uint16_t)type;
  at->nla_len = (uint16_t)(NLA_HDRLEN + len);
  if (len > 0) memcpy((char *)at + NLA_HDRLEN, value, len);
  return at;
}

static void text(struct batch *b, int type, const char *value) { attribute(b, type, value, strlen(value) + 1); }

static void number(struct batch *b, int type, int value) {
  uint32_t big = htonl((uint32_t)value);
  attribute(b, type, &big, sizeof big);
}

static struct nlattr *begin(struct batch *b, int type) { return attribute(b, type | NLA_F_NESTED, NULL, 0); }

static void end(struct batch *b, struct nlattr *nested) {
  nested->nla_len = (uint16_t)(b->bytes + b->len - (char *)nested);
}

/* Sends all of it and waits until each message has been done; -1 with errno of the first that was not. */
static int ask(int fd, struct batch *b) {
  struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
  if (sendto(fd, b->bytes, b->len, 0, (struct sockaddr *)&kernel, sizeof kernel) < 0) return -1;
  for (uint32_t left = b->acks; left > 0;) {
    _Alignas(NLMSG_ALIGNTO) char answer[4096];
    ssize_t n = recv(fd, answer, sizeof answer, 0);
    if (n < 0) return -1;
    int len = (int)n;
    for (struct nlmsghdr *h = (struct nlmsghdr *)answer; NLMSG_OK(h, len); h = NLMSG_NEXT(h, len)) {
      if (h->nlmsg_type != NLMSG_ERROR) continue;
      const struct nlmsgerr *e = NLMSG_DATA(h);
      if (e->error != 0) return errno = -e->error, -1;
      left--;
    }
  }
  return 0;
}

static int open_netlink(int protocol) {
  struct timeval limit = { .tv_sec = 5 };
  int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
  if (fd >= 0) setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  return fd;
}

static void filter_message(struct batch *b, int type, int flags) {
  struct nfgenmsg *of = message(b, NFNL_SUBSYS_NFTABLES << 8 | type, flags | NLM_F_ACK, sizeof *of);
  of->nfgen_family = NFPROTO_IPV4;
}

static struct nlattr *begin_expression(struct batch *b, struct nlattr **element, const char *name) {
  *element = begin(b, NFTA_LIST_ELEM);
  text(b, NFTA_EXPR_NAME, name);
  return begin(b, NFTA_EXPR_DATA);
}

/* A chain at a hook that drops what has the address there in its header. */
static void drop_at(struct batch *b, const char *table, const char *chain, int hook, int offset, uint32_t address) {
  struct nlattr *outer, *element, *data;
  filter_message(b, NFT_MSG_NEWCHAIN, NLM_F_CREATE);
  text(b, NFTA_CHAIN_TABLE, table);
  text(b, NFTA_CHAIN_NAME, chain);
  text(b, NFTA_CHAIN_TYPE, "filter");
  outer = begin(b, NFTA_CHAIN_HOOK);
  number(b, NFTA_HOOK_HOOKNUM, hook);
  number(b, NFTA_HOOK_PRIORITY, RAW);
  end(b, outer);
  filter_message(b, NFT_MSG_NEWRULE, NLM_F_CREATE | NLM_F_APPEND);
  text(b, NFTA_RULE_TABLE, table);
  text(b, NFTA_RULE_CHAIN, chain);
  outer = begin(b, NFTA_RULE_EXPRESSIONS);
  data = begin_expression(b, &element, "payload");
  number(b, NFTA_PAYLOAD_DREG, NFT_REG_1);
  number(b, NFTA_PAYLOAD_BASE, NFT_PAYLOAD_NETWORK_HEADER);
  number(b, NFTA_PAYLOAD_OFFSET, offset);
  number(b, NFTA_PAYLOAD_LEN, sizeof address);
  end(b, data), end(b, element);
  data = begin_expression(b, &element, "cmp");
  number(b, NFTA_CMP_SREG, NFT_REG_1);
  number(b, NFTA_CMP_OP, NFT_CMP_EQ);
  struct nlattr *value = begin(b, NFTA_CMP_DATA);
  attribute(b, NFTA_DATA_VALUE, &address, sizeof address);
  end(b, value), end(b, data), end(b, element);
  data = begin_expression(b, &element, "immediate");
  number(b, NFTA_IMMEDIATE_DREG, NFT_REG_VERDICT);
  value = begin(b, NFTA_IMMEDIATE_DATA);
  struct nlattr *verdict = begin(b, NFTA_DATA_VERDICT);
  number(b, NFTA_VERDICT_CODE, NF_DROP);
  end(b, verdict), end(b, value), end(b, data), end(b, element);
  end(b, outer);
}

int drop_packets(uint32_t address) {
  struct batch b = { .last = NULL };
  char table[32];
  int fd = open_netlink(NETLINK_NETFILTER);
  if (fd < 0) return -1;
  snprintf(table, sizeof table, "bproc-%d", getpid());
  struct nfgenmsg *frame = message(&b, NFNL_MSG_BATCH_BEGIN, 0, sizeof *frame);
  frame->res_id = htons(NFNL_SUBSYS_NFTABLES);
  filter_message(&b, NFT_MSG_NEWTABLE, NLM_F_CREATE | NLM_F_EXCL);
  text(&b, NFTA_TABLE_NAME, table);
  number(&b, NFTA_TABLE_FLAGS, NFT_TABLE_F_OWNER);
  drop_at(&b, table, "in", NF_INET_PRE_ROUTING, TARGET, address);
  drop_at(&b, table, "out", NF_INET_LOCAL_OUT, SOURCE, address);
  frame = message(&b, NFNL_MSG_BATCH_END, 0, sizeof *frame);
  frame->res_id = htons(NFNL_SUBSYS_NFTABLES);
  if (ask(fd, &b) == 0) return fd;
  int error = errno;
  close(fd);
  return errno = error, -1;
}

static int change_address(int type, int flags, int interface, uint32_t address) {
  struct batch b = { .last = NULL };
  int fd = open_netlink(NETLINK_ROUTE);
  if (fd < 0) return -1;
  struct ifaddrmsg *what = message(&b, type, flags | NLM_F_ACK, sizeof *what);
  what->ifa_family = AF_INET;
  what->ifa_prefixlen = 32;
  what->ifa_index = (uint32_t)interface;
  attribute(&b, IFA_LOCAL, &address, sizeof address);
  attribute(&b, IFA_ADDRESS, &address, sizeof address);
  int result = ask(fd, &b), error = errno;
  close(fd);
  return errno = error, result;
}

int add_address(int interface, uint32_t address) {
  return change_address(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, interface, address);
}

int remove_address(int interface, uint32_t address) { return change_address(RTM_DELADDR, 0, interface, address); }

void announce_address(int interface, uint32_t address) {
  struct ifreq own = { .ifr_name = "" };
  int fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return;
  if (if_indextoname((unsigned)interface, own.ifr_name) != NULL && ioctl(fd, SIOCGIFHWADDR, &own) == 0 &&
      own.ifr_hwaddr.sa_family == ARPHRD_ETHER) {
    struct {
      struct arphdr header;
      uint8_t from[ETH_ALEN], from_address[4], to[ETH_ALEN], to_address[4];
    } __attribute__((packed)) arp = {
      .header = { .ar_hrd = htons(ARPHRD_ETHER), .ar_pro = htons(ETH_P_IP), .ar_hln = ETH_ALEN, .ar_pln = 4 },
      .to = { 255, 255, 255, 255, 255, 255 },
    };
    struct sockaddr_ll all = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ARP), .sll_ifindex = interface,
                               .sll_halen = ETH_ALEN, .sll_addr = { 255, 255, 255, 255, 255, 255 } };
    memcpy(arp.from, own.ifr_hwaddr.sa_data, ETH_ALEN);
    memcpy(arp.from_address, &address, 4);
    memcpy(arp.to_address, &address, 4);
    /* some take the one for news, some the other */
    for (int kind = ARPOP_REQUEST; kind <= ARPOP_REPLY; kind++) {
      arp.header.ar_op = htons((uint16_t)kind);
      if (sendto(fd, &arp, sizeof arp, 0, (struct sockaddr *)&all, sizeof all) < 0) break;
    }
  }
  close(fd);
}
