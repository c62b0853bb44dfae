#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "unique_fd.h"

namespace mykvm {

// The one thread of the process that protects and sends pictures for all viewers, so that JavaScript, and with it input, never
// waits for them. It sleeps while there is nothing to send.
class MediaThread {
 public:
  // What the thread serves.
  class Client {
   public:
    // What it waits for besides new work.
    struct Wait {
      // A descriptor that has no room, or -1.
      int fd = -1;
      // Of CLOCK_MONOTONIC, or -1.
      int64_t until_us = -1;
    };

    virtual ~Client() = default;
    // In the thread: does what there is to do now. Never throws.
    virtual Wait work() = 0;
  };

  // The running thread, or a new one; it ends with the last who holds it. Throws CodedError when there is no descriptor or thread
  // left.
  static std::shared_ptr<MediaThread> shared();

  // Use shared().
  MediaThread();
  ~MediaThread();
  MediaThread(const MediaThread&) = delete;
  MediaThread& operator=(const MediaThread&) = delete;

  void add(std::shared_ptr<Client> client);
  // Nothing is begun for this client any more; what is under way ends beside.
  void remove(const Client* client);
  // There is something to do.
  void wake();

 private:
  void run();
  void stop();

  UniqueFd bell_;
  // Rung and not yet heard.
  std::atomic<bool> rung_{false};
  std::mutex mutex_;
  // Under the mutex.
  std::vector<std::shared_ptr<Client>> clients_;
  bool stopped_ = false;
  std::thread thread_;
};

}  // namespace mykvm
