#include "wake_event.h"

#include <sys/eventfd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "coded_error.h"
#include "monotonic_clock.h"

namespace mykvm {

namespace {

// The source and the encoder.
constexpr size_t MOST_OTHERS = 2;

}  // namespace

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

void WakeEvent::wait_until(int64_t deadline_us, pollfd* others, size_t count) {
  std::array<pollfd, 1 + MOST_OTHERS> entries{};
  entries[0] = {fd_.get(), POLLIN, 0};
  std::copy_n(others, count, entries.begin() + 1);
  timespec timeout{};
  if (deadline_us >= 0) {
    const int64_t left_us = std::max<int64_t>(0, deadline_us - monotonic_us());
    timeout.tv_sec = left_us / 1'000'000;
    timeout.tv_nsec = (left_us % 1'000'000) * 1000;
  }
  const int ready = ppoll(entries.data(), 1 + count, deadline_us >= 0 ? &timeout : nullptr, nullptr);
  for (size_t i = 0; i < count; i++) others[i].revents = ready > 0 ? entries[1 + i].revents : short{0};
  if (ready > 0 && (entries[0].revents & POLLIN) != 0) {
    uint64_t signals = 0;
    [[maybe_unused]] const ssize_t taken = ::read(fd_.get(), &signals, sizeof signals);
  }
}

}  // namespace mykvm
