#pragma once

#include <cstdint>
#include <thread>
#include <vector>

#include "unique_fd.h"

namespace mykvm {

// Waits in a thread of its own for readiness of descriptors that libuv cannot wait for, such as character devices and
// sysfs attributes. What was asked for a descriptor is told once; then it must be asked for again.
class FdWatcher {
 public:
  // A bit for each thing to wait for.
  static constexpr uint32_t READ = 1;
  static constexpr uint32_t WRITE = 2;
  static constexpr uint32_t PRIORITY = 4;

  struct Ready {
    // What watch() returned.
    uint32_t watch;
    int fd;
    // READ, WRITE, PRIORITY as they were asked for; all of them after an error or hang-up of the descriptor.
    uint32_t events;
  };
  // Called in the watcher's thread.
  using Callback = void (*)(void* context, const std::vector<Ready>& ready);

  // Throws CodedError when there is no descriptor or thread left.
  FdWatcher(Callback callback, void* context);
  // Joins the thread: no call comes after it.
  ~FdWatcher();
  FdWatcher(const FdWatcher&) = delete;
  FdWatcher& operator=(const FdWatcher&) = delete;

  // Asks for `events`, in place of what was asked for this descriptor before. Told at once when it is ready already.
  // Throws CodedError: EBADF, or EPERM for what cannot be waited for (a plain file).
  uint32_t watch(int fd, uint32_t events);
  // Asks for nothing any more. A descriptor that is closed already is fine.
  void forget(int fd);

 private:
  void run();

  const Callback callback_;
  void* const context_;
  UniqueFd epoll_;
  UniqueFd stop_;
  uint32_t last_watch_ = 0;
  std::thread thread_;
};

}  // namespace mykvm
