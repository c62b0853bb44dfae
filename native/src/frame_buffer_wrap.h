#pragma once

#include <napi.h>

#include <memory>

#include "frame_buffer.h"

namespace mykvm {

// JavaScript's `FrameBuffer`: owns the frame buffer; garbage collection closes it.
class FrameBufferWrap : public Napi::ObjectWrap<FrameBufferWrap> {
 public:
  static Napi::Function define(Napi::Env env);
  // `createFrameBuffer()`.
  static Napi::Value create(const Napi::CallbackInfo& call);

  explicit FrameBufferWrap(const Napi::CallbackInfo& call);
  ~FrameBufferWrap() override;

 private:
  void close(const Napi::CallbackInfo& call);

  std::shared_ptr<FrameBuffer> buffer_;
};

}  // namespace mykvm
