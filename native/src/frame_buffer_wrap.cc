#include "frame_buffer_wrap.h"

#include "addon_state.h"
#include "js_errors.h"

namespace mykvm {

Napi::Function FrameBufferWrap::define(Napi::Env env) {
  return DefineClass(env, "FrameBuffer", {InstanceMethod<&FrameBufferWrap::close>("close")});
}

Napi::Value FrameBufferWrap::create(const Napi::CallbackInfo& call) {
  return call.Env().GetInstanceData<AddonState>()->frame_buffer.New({});
}

FrameBufferWrap::FrameBufferWrap(const Napi::CallbackInfo& call)
    : Napi::ObjectWrap<FrameBufferWrap>(call),
      buffer_(guarded(call.Env(), [] { return FrameBuffer::create(); })) {
  const Napi::Env env = call.Env();
  Napi::Object self = call.This().As<Napi::Object>();
  self.DefineProperties({
      Napi::PropertyDescriptor::Value("kind", Napi::String::New(env, "frame-buffer"), napi_enumerable),
      Napi::PropertyDescriptor::Value("handle", Napi::Number::New(env, buffer_->handle()), napi_enumerable),
  });
}

FrameBufferWrap::~FrameBufferWrap() {
  if (buffer_) buffer_->close();
}

void FrameBufferWrap::close(const Napi::CallbackInfo&) { buffer_->close(); }

}  // namespace mykvm
