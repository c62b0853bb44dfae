#include "wake_event.h"

#include <poll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "coded_error.h"
#include "monotonic_clock.h"

namespace mykvm {

WakeEvent::WakeEvent() : fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (fd_.get() < 0) {
    throw CodedError(errno == EMFILE ? "EMFILE" : "ENFILE", std::string("eventfd: ") + strerror(errno));
  }
}

void WakeEvent::signal() {
  const uint64_t one = 1;
  // EAGAIN can only mean that 2^64 - 2 signals wait already: the waiter wakes all the same.
  [[maybe_unused]] const ssize_t written = ::write(fd_.get(), &one, sizeof one);
}

void WakeEvent::wait_until(int64_t deadline_us) {
  pollfd entry{fd_.get(), POLLIN, 0};
  timespec timeout{};
  if (deadline_us >= 0) {
    const int64_t left_us = std::max<int64_t>(0, deadline_us - monotonic_us());
    timeout.tv_sec = left_us / 1'000'000;
    timeout.tv_nsec = (left_us % 1'000'000) * 1000;
  }
  if (ppoll(&entry, 1, deadline_us >= 0 ? &timeout : nullptr, nullptr) > 0) {
    uint64_t count = 0;
    [[maybe_unused]] const ssize_t taken = ::read(fd_.get(), &count, sizeof count);
  }
}

}  // namespace mykvm
