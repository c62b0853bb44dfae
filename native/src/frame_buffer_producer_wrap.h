#pragma once

#include <napi.h>

#include <memory>

#include "frame_buffer.h"

namespace mykvm {

// JavaScript's `FrameBufferProducer`, in the thread that opened it; garbage collection or the end of its worker closes it.
class FrameBufferProducerWrap : public Napi::ObjectWrap<FrameBufferProducerWrap> {
 public:
  static Napi::Function define(Napi::Env env);
  // `openFrameBuffer(handle)`.
  static Napi::Value open(const Napi::CallbackInfo& call);

  // Called through open() with the handle.
  explicit FrameBufferProducerWrap(const Napi::CallbackInfo& call);
  ~FrameBufferProducerWrap() override;

 private:
  Napi::Value set_mode(const Napi::CallbackInfo& call);
  Napi::Value acquire(const Napi::CallbackInfo& call);
  void submit(const Napi::CallbackInfo& call);
  void close(const Napi::CallbackInfo& call);

  void release();
  // Throws ERR_FRAME_BUFFER_CLOSED after close().
  FrameBuffer& require_open(Napi::Env env) const;
  // Throws ERR_FRAME_BUFFER_STATE before this producer's own setMode(): it has no pixels to draw to.
  FrameBuffer& require_mode(Napi::Env env) const;

  std::shared_ptr<FrameBuffer> buffer_;
  bool has_mode_ = false;
};

}  // namespace mykvm
