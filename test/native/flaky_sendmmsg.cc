// Preloaded into a test's Node: a kernel and a network card in a bad mood. Of each 7 calls of sendmmsg one finds the socket full, one is
// interrupted, one takes half of the messages, and a device that cannot cut buffers into datagrams says so (FLAKY=no-segments).
#include <dlfcn.h>
#include <sys/socket.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>

extern "C" int sendmmsg(int fd, mmsghdr* messages, unsigned int count, int flags) {
  using Function = int (*)(int, mmsghdr*, unsigned int, int);
  static const auto real = reinterpret_cast<Function>(dlsym(RTLD_NEXT, "sendmmsg"));
  static const char* const mood = getenv("FLAKY");
  static std::atomic<unsigned> calls{0};
  const unsigned call = calls++;
  if (call % 7 == 1) {
    errno = EAGAIN;
    return -1;
  }
  if (call % 7 == 3) {
    errno = EINTR;
    return -1;
  }
  if (mood != nullptr && strcmp(mood, "no-segments") == 0 && messages[0].msg_hdr.msg_controllen > 0) {
    errno = EIO;
    return -1;
  }
  return real(fd, messages, call % 7 == 5 ? (count + 1) / 2 : count, flags);
}
