// Preloaded into a process: VIDIOC_EXPBUF fails as with a driver that cannot export its memory.
#include <dlfcn.h>
#include <linux/videodev2.h>

#include <cerrno>
#include <cstdarg>

extern "C" int ioctl(int fd, unsigned long request, ...) {
  va_list arguments;
  va_start(arguments, request);
  void* const argument = va_arg(arguments, void*);
  va_end(arguments);
  if (request == VIDIOC_EXPBUF) {
    errno = ENOTTY;
    return -1;
  }
  using Ioctl = int (*)(int, unsigned long, ...);
  static const auto real = reinterpret_cast<Ioctl>(dlsym(RTLD_NEXT, "ioctl"));
  return real(fd, request, argument);
}
