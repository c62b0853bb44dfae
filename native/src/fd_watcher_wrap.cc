#include "fd_watcher_wrap.h"

#include <climits>
#include <utility>

#include "addon_state.h"
#include "js_arguments.h"
#include "js_errors.h"

namespace mykvm {

namespace {

uint32_t events_argument(const Napi::Value& value) {
  const Napi::Object events = object_argument(value, "events");
  uint32_t mask = 0;
  if (events.Get("read").ToBoolean()) mask |= FdWatcher::READ;
  if (events.Get("write").ToBoolean()) mask |= FdWatcher::WRITE;
  if (events.Get("priority").ToBoolean()) mask |= FdWatcher::PRIORITY;
  return mask;
}

int fd_argument(const Napi::Value& value) { return static_cast<int>(integer_between(value, "fd", 0, INT_MAX)); }

}  // namespace

Napi::Function FdWatcherWrap::define(Napi::Env env) {
  return DefineClass(env, "FdWatcher",
                     {InstanceMethod<&FdWatcherWrap::watch>("watch"), InstanceMethod<&FdWatcherWrap::forget>("forget"),
                      InstanceMethod<&FdWatcherWrap::close>("close")});
}

Napi::Value FdWatcherWrap::create(const Napi::CallbackInfo& call) {
  return call.Env().GetInstanceData<AddonState>()->fd_watcher.New({call[0]});
}

FdWatcherWrap::FdWatcherWrap(const Napi::CallbackInfo& call)
    : Napi::ObjectWrap<FdWatcherWrap>(call), env_(call.Env()) {
  if (!call[0].IsFunction()) throw js_type_error(call.Env(), "ready", "a function");
  ready_ = Napi::Persistent(call[0].As<Napi::Function>());
  open_doorbell(call.Env());
  try {
    watcher_ = guarded(call.Env(), [&] { return std::make_unique<FdWatcher>(&FdWatcherWrap::collect, this); });
  } catch (const Napi::Error&) {
    stop();
    throw;
  }
}

FdWatcherWrap::~FdWatcherWrap() { stop(); }

void FdWatcherWrap::watch(const Napi::CallbackInfo& call) {
  const int fd = fd_argument(call[0]);
  const uint32_t events = events_argument(call[1]);
  if (!watcher_) throw js_error(call.Env(), "ERR_FD_WATCHER_CLOSED", "the watcher is closed");
  guarded(call.Env(), [&] { watches_[fd] = watcher_->watch(fd, events); });
}

void FdWatcherWrap::forget(const Napi::CallbackInfo& call) {
  const int fd = fd_argument(call[0]);
  if (!watcher_) return;
  watches_.erase(fd);
  watcher_->forget(fd);
}

void FdWatcherWrap::close(const Napi::CallbackInfo&) { stop(); }

void FdWatcherWrap::open_doorbell(Napi::Env env) {
  doorbell_ = new Doorbell{this};
  const napi_status status = napi_create_threadsafe_function(
      env, nullptr, nullptr, Napi::String::New(env, "mykvm.FdWatcher"), 0, 1, doorbell_,
      [](napi_env, void* doorbell, void*) { delete static_cast<Doorbell*>(doorbell); }, doorbell_, &answer, &bell_);
  if (status != napi_ok) {
    delete doorbell_;
    doorbell_ = nullptr;
    throw Napi::Error::New(env);
  }
  napi_unref_threadsafe_function(env, bell_);
  // The thread ends before Node frees the threadsafe function, which it does at exit without regard to who uses it.
  napi_add_env_cleanup_hook(env, &environment_ends, this);
}

void FdWatcherWrap::stop() {
  // Joins the thread: nothing rings any more.
  watcher_.reset();
  watches_.clear();
  if (!bell_) return;
  doorbell_->owner = nullptr;
  napi_remove_env_cleanup_hook(env_, &environment_ends, this);
  napi_release_threadsafe_function(bell_, napi_tsfn_abort);
  bell_ = nullptr;
}

void FdWatcherWrap::environment_ends(void* self) { static_cast<FdWatcherWrap*>(self)->stop(); }

// In the watcher's thread.
void FdWatcherWrap::collect(void* self, const std::vector<FdWatcher::Ready>& ready) {
  auto* const wrap = static_cast<FdWatcherWrap*>(self);
  {
    const std::lock_guard lock(wrap->mutex_);
    wrap->told_.insert(wrap->told_.end(), ready.begin(), ready.end());
  }
  napi_call_threadsafe_function(wrap->bell_, nullptr, napi_tsfn_nonblocking);
}

// In JavaScript's thread. Without `env` Node only empties the queue after stop(); then the doorbell is freed already,
// because Node calls the finalizer first.
void FdWatcherWrap::answer(napi_env env, napi_value, void* context, void*) {
  if (env == nullptr) return;
  FdWatcherWrap* const owner = static_cast<Doorbell*>(context)->owner;
  if (owner != nullptr) owner->deliver(env);
}

void FdWatcherWrap::deliver(Napi::Env env) {
  std::vector<FdWatcher::Ready> ready;
  {
    const std::lock_guard lock(mutex_);
    ready = std::exchange(told_, {});
  }
  const Napi::HandleScope scope(env);
  // The callback may close the watcher, and drop it: keep it until the end of this call.
  [[maybe_unused]] const Napi::Object self = Value();
  for (const FdWatcher::Ready& one : ready) {
    const auto found = watches_.find(one.fd);
    if (found == watches_.end() || found->second != one.watch) continue;
    try {
      tell(env, one);
    } catch (const Napi::Error& error) {
      // What the callback throws is an uncaught exception. An empty error means that Node ends and runs no JavaScript.
      if (!error.IsEmpty()) napi_fatal_exception(env_, error.Value());
    }
  }
}

void FdWatcherWrap::tell(Napi::Env env, const FdWatcher::Ready& one) {
  const Napi::HandleScope scope(env);
  Napi::Object events = Napi::Object::New(env);
  events.Set("read", (one.events & FdWatcher::READ) != 0);
  events.Set("write", (one.events & FdWatcher::WRITE) != 0);
  events.Set("priority", (one.events & FdWatcher::PRIORITY) != 0);
  ready_.Call({Napi::Number::New(env, one.fd), events});
}

}  // namespace mykvm
