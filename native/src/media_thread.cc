#include "media_thread.h"

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <system_error>

#include "coded_error.h"
#include "monotonic_clock.h"

namespace mykvm {

namespace {

// For the process, whichever environments use it. Never destroyed: exit() may run while a thread still looks at it.
struct Current {
  std::mutex mutex;
  std::weak_ptr<MediaThread> thread;
};

Current& current() {
  static auto* const only = new Current;
  return *only;
}

timespec time_until(int64_t deadline_us) {
  const int64_t left_us = std::max<int64_t>(0, deadline_us - monotonic_us());
  return {left_us / 1'000'000, (left_us % 1'000'000) * 1000};
}

}  // namespace

std::shared_ptr<MediaThread> MediaThread::shared() {
  Current& now = current();
  const std::lock_guard lock(now.mutex);
  std::shared_ptr<MediaThread> thread = now.thread.lock();
  if (thread) return thread;
  thread = std::make_shared<MediaThread>();
  now.thread = thread;
  // exit() also ends OpenSSL, which must not find the thread at work. Functions that are registered later run earlier.
  static const int registered = std::atexit([] {
    const std::lock_guard at_exit(current().mutex);
    if (const std::shared_ptr<MediaThread> last = current().thread.lock()) last->stop();
  });
  if (registered != 0) throw CodedError("ENOMEM", "atexit has no room");
  return thread;
}

MediaThread::MediaThread() : bell_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (bell_.get() < 0) throw CodedError::of_call(errno, "eventfd", "");
  try {
    thread_ = std::thread(&MediaThread::run, this);
    pthread_setname_np(thread_.native_handle(), "mykvm-media");
  } catch (const std::system_error& error) {
    throw CodedError("EAGAIN", std::string("no thread for media: ") + error.what());
  }
}

MediaThread::~MediaThread() { stop(); }

void MediaThread::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  wake();
  if (thread_.joinable()) thread_.join();
}

void MediaThread::add(std::shared_ptr<Client> client) {
  const std::lock_guard lock(mutex_);
  clients_.push_back(std::move(client));
}

void MediaThread::remove(const Client* client) {
  {
    const std::lock_guard lock(mutex_);
    clients_.erase(std::remove_if(clients_.begin(), clients_.end(),
                                  [client](const auto& one) { return one.get() == client; }),
                   clients_.end());
  }
  // The thread lets go of it.
  wake();
}

void MediaThread::wake() {
  if (rung_.exchange(true)) return;
  const uint64_t one = 1;
  // EAGAIN can only mean that it was rung already.
  [[maybe_unused]] const ssize_t written = ::write(bell_.get(), &one, sizeof one);
}

void MediaThread::run() {
  std::vector<pollfd> waiting;
  while (true) {
    int64_t until_us = -1;
    {
      std::vector<std::shared_ptr<Client>> clients;
      {
        const std::lock_guard lock(mutex_);
        if (stopped_) return;
        clients = clients_;
      }
      waiting.assign(1, {bell_.get(), POLLIN, 0});
      for (const auto& client : clients) {
        const Client::Wait wait = client->work();
        if (wait.fd >= 0) waiting.push_back({wait.fd, POLLOUT, 0});
        if (wait.until_us >= 0 && (until_us < 0 || wait.until_us < until_us)) until_us = wait.until_us;
      }
    }
    const timespec left = time_until(until_us);
    ppoll(waiting.data(), waiting.size(), until_us < 0 ? nullptr : &left, nullptr);
    uint64_t rings = 0;
    [[maybe_unused]] const ssize_t taken = ::read(bell_.get(), &rings, sizeof rings);
    // Whoever rings from here on is heard by the next poll().
    rung_ = false;
  }
}

}  // namespace mykvm
