#include "fd_watcher.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <system_error>

#include "coded_error.h"

namespace mykvm {

namespace {

// No descriptor of ours is -1: it marks the end of the thread.
constexpr uint32_t STOP_FD = UINT32_MAX;

uint64_t pack(uint32_t watch, int fd) { return static_cast<uint64_t>(watch) << 32 | static_cast<uint32_t>(fd); }

uint32_t to_epoll(uint32_t events) {
  uint32_t mask = EPOLLONESHOT;
  if (events & FdWatcher::READ) mask |= EPOLLIN;
  if (events & FdWatcher::WRITE) mask |= EPOLLOUT;
  if (events & FdWatcher::PRIORITY) mask |= EPOLLPRI;
  return mask;
}

uint32_t from_epoll(uint32_t mask) {
  // An attribute of sysfs that has news says EPOLLERR together with EPOLLPRI: only alone it is an error.
  if ((mask & (EPOLLERR | EPOLLHUP)) && !(mask & EPOLLPRI)) {
    return FdWatcher::READ | FdWatcher::WRITE | FdWatcher::PRIORITY;
  }
  uint32_t events = 0;
  if (mask & EPOLLIN) events |= FdWatcher::READ;
  if (mask & EPOLLOUT) events |= FdWatcher::WRITE;
  if (mask & EPOLLPRI) events |= FdWatcher::PRIORITY;
  return events;
}

CodedError system_error(const char* call, int number) {
  const char* const name = strerrorname_np(number);
  return CodedError(name ? name : "EIO", std::string(call) + ": " + strerror(number));
}

}  // namespace

FdWatcher::FdWatcher(Callback callback, void* context)
    : callback_(callback),
      context_(context),
      epoll_(epoll_create1(EPOLL_CLOEXEC)),
      stop_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (epoll_.get() < 0 || stop_.get() < 0) throw system_error("epoll_create1", errno);
  epoll_event stop{EPOLLIN, {.u64 = STOP_FD}};
  if (epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, stop_.get(), &stop) != 0) throw system_error("epoll_ctl", errno);
  try {
    thread_ = std::thread(&FdWatcher::run, this);
  } catch (const std::system_error& error) {
    throw CodedError("EAGAIN", std::string("no thread for the watcher: ") + error.what());
  }
}

FdWatcher::~FdWatcher() {
  const uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = ::write(stop_.get(), &one, sizeof one);
  thread_.join();
}

uint32_t FdWatcher::watch(int fd, uint32_t events) {
  last_watch_ += 1;
  epoll_event event{to_epoll(events), {.u64 = pack(last_watch_, fd)}};
  if (epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, fd, &event) == 0) return last_watch_;
  if (errno != ENOENT || epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) != 0) {
    throw system_error("epoll_ctl", errno);
  }
  return last_watch_;
}

void FdWatcher::forget(int fd) { epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr); }

void FdWatcher::run() {
  std::array<epoll_event, 8> events{};
  std::vector<Ready> ready;
  while (true) {
    const int count = epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), -1);
    ready.clear();
    for (int i = 0; i < count; ++i) {
      const epoll_event& event = events[static_cast<size_t>(i)];
      if (event.data.u64 == STOP_FD) return;
      ready.push_back({static_cast<uint32_t>(event.data.u64 >> 32), static_cast<int>(event.data.u64 & UINT32_MAX),
                       from_epoll(event.events)});
    }
    if (!ready.empty()) callback_(context_, ready);
  }
}

}  // namespace mykvm
