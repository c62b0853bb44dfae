// Preloaded into a process: its capture driver has a fault, which the environment names (MYKVM_TEST_FAULT).
// - no-export: it cannot export its memory.
// - no-stream: it streams in no mode, like a bridge with too few CSI lanes. Each try is a line "try" on standard error, each time
//   that the input's timings are asked for is a line "look".
// - odd-sequence: its picture counter stands still, and goes back.
#include <dlfcn.h>
#include <linux/videodev2.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>
#include <cstdint>
#include <cstdlib>
#include <cstring>

namespace {

bool has_fault(const char* name) {
  const char* const fault = std::getenv("MYKVM_TEST_FAULT");
  return fault != nullptr && std::strcmp(fault, name) == 0;
}

int fail(int error_number) {
  errno = error_number;
  return -1;
}

void say(const char* line) { [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, line, std::strlen(line)); }

// 10 10 11 5 6, and again: 3 pictures are missing each time that it comes around.
void count_oddly(v4l2_buffer* buffer) {
  static const uint32_t numbers[] = {10, 10, 11, 5, 6};
  static unsigned count = 0;
  buffer->sequence = numbers[count++ % 5];
}

}  // namespace

extern "C" int ioctl(int fd, unsigned long request, ...) {
  va_list arguments;
  va_start(arguments, request);
  void* const argument = va_arg(arguments, void*);
  va_end(arguments);
  if (request == VIDIOC_EXPBUF && has_fault("no-export")) return fail(ENOTTY);
  const bool no_stream = has_fault("no-stream");
  if (request == VIDIOC_QUERY_DV_TIMINGS && no_stream) say("look\n");
  if (request == VIDIOC_STREAMON && no_stream) {
    say("try\n");
    return fail(EINVAL);
  }
  using Ioctl = int (*)(int, unsigned long, ...);
  static const auto real = reinterpret_cast<Ioctl>(dlsym(RTLD_NEXT, "ioctl"));
  const int result = real(fd, request, argument);
  if (request != VIDIOC_DQBUF || result != 0 || !has_fault("odd-sequence")) return result;
  auto* const buffer = static_cast<v4l2_buffer*>(argument);
  if (buffer->type == V4L2_BUF_TYPE_VIDEO_CAPTURE) count_oddly(buffer);
  return result;
}
