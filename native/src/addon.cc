#include <malloc.h>
#include <napi.h>

#include "addon_state.h"
#include "fd_watcher_wrap.h"
#include "frame_buffer_producer_wrap.h"
#include "frame_buffer_wrap.h"
#include "media_sender_wrap.h"
#include "monotonic_clock.h"
#include "pipeline_wrap.h"
#include "video_device_calls.h"

namespace mykvm {

namespace {

Napi::Value monotonic_us_call(const Napi::CallbackInfo& call) {
  return Napi::Number::New(call.Env(), static_cast<double>(monotonic_us()));
}

// Memory that was freed goes back to the system. glibc raises its threshold for that to the largest block ever freed: after
// two passwords (16 MB each for scrypt) those 16 MB would stay for good. Fixed thresholds keep it from learning, and two
// arenas are enough for threads that hardly allocate.
void give_memory_back() {
#ifdef __GLIBC__
  constexpr int LARGE_BYTES = 1024 * 1024;
  mallopt(M_MMAP_THRESHOLD, LARGE_BYTES);
  mallopt(M_TRIM_THRESHOLD, LARGE_BYTES);
  mallopt(M_ARENA_MAX, 2);
#endif
}

Napi::Object init(Napi::Env env, Napi::Object exports) {
  give_memory_back();
  auto* state = new AddonState;
  state->fd_watcher = Napi::Persistent(FdWatcherWrap::define(env));
  state->frame_buffer = Napi::Persistent(FrameBufferWrap::define(env));
  state->frame_buffer_producer = Napi::Persistent(FrameBufferProducerWrap::define(env));
  state->media_sender = Napi::Persistent(MediaSenderWrap::define(env));
  state->pipeline = Napi::Persistent(PipelineWrap::define(env));
  env.SetInstanceData(state);
  exports.Set("createFdWatcher", Napi::Function::New<&FdWatcherWrap::create>(env, "createFdWatcher"));
  exports.Set("createFrameBuffer", Napi::Function::New<&FrameBufferWrap::create>(env, "createFrameBuffer"));
  exports.Set("openFrameBuffer", Napi::Function::New<&FrameBufferProducerWrap::open>(env, "openFrameBuffer"));
  exports.Set("createMediaSender",
              Napi::Function::New<&MediaSenderWrap::create>(env, "createMediaSender"));
  exports.Set("createPipeline", Napi::Function::New<&PipelineWrap::create>(env, "createPipeline"));
  exports.Set("monotonicUs", Napi::Function::New<&monotonic_us_call>(env, "monotonicUs"));
  define_video_device_calls(env, exports);
  return exports;
}

}  // namespace

}  // namespace mykvm

// NODE_API_MODULE makes an identifier of the function's name: it must not be qualified.
using mykvm::init;
NODE_API_MODULE(NODE_GYP_MODULE_NAME, init)
