#pragma once

#include <napi.h>

#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "fd_watcher.h"

namespace mykvm {

// JavaScript's `FdWatcher`: N-API only, the waiting is FdWatcher's. It does not keep the event loop alive.
class FdWatcherWrap : public Napi::ObjectWrap<FdWatcherWrap> {
 public:
  static Napi::Function define(Napi::Env env);
  // `createFdWatcher(ready)`.
  static Napi::Value create(const Napi::CallbackInfo& call);

  // Called through create() with its argument.
  explicit FdWatcherWrap(const Napi::CallbackInfo& call);
  ~FdWatcherWrap() override;

 private:
  // What the threadsafe function points to: it outlives this object by the calls that are under way.
  struct Doorbell {
    FdWatcherWrap* owner;
  };

  void watch(const Napi::CallbackInfo& call);
  void forget(const Napi::CallbackInfo& call);
  void close(const Napi::CallbackInfo& call);

  static void collect(void* self, const std::vector<FdWatcher::Ready>& ready);
  static void answer(napi_env env, napi_value callback, void* context, void* item);
  static void environment_ends(void* self);

  void open_doorbell(Napi::Env env);
  void deliver(Napi::Env env);
  void tell(Napi::Env env, const FdWatcher::Ready& one);
  // Ends the thread and frees everything. Safe in every state.
  void stop();

  napi_env env_;
  Napi::FunctionReference ready_;
  // The last watch() of each descriptor: news of an earlier one, or of a forgotten one, is nobody's.
  std::unordered_map<int, uint32_t> watches_;
  std::mutex mutex_;
  // Under the mutex: told by the thread, not yet delivered.
  std::vector<FdWatcher::Ready> told_;
  napi_threadsafe_function bell_ = nullptr;
  Doorbell* doorbell_ = nullptr;
  std::unique_ptr<FdWatcher> watcher_;
};

}  // namespace mykvm
