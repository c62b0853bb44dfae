#pragma once

#include <napi.h>

#include <memory>

#include "media_sender.h"

namespace mykvm {

// JavaScript's `MediaSender`: N-API only, the sending is MediaSender's. It does not keep the event loop alive.
class MediaSenderWrap : public Napi::ObjectWrap<MediaSenderWrap> {
 public:
  static Napi::Function define(Napi::Env env);
  // `createMediaSender(options)`.
  static Napi::Value create(const Napi::CallbackInfo& call);

  // Called through create() with its argument.
  explicit MediaSenderWrap(const Napi::CallbackInfo& call);
  ~MediaSenderWrap() override;

 private:
  void set_route(const Napi::CallbackInfo& call);
  void set_pace(const Napi::CallbackInfo& call);
  Napi::Value send(const Napi::CallbackInfo& call);
  Napi::Value retransmit(const Napi::CallbackInfo& call);
  Napi::Value stats(const Napi::CallbackInfo& call);
  Napi::Value close(const Napi::CallbackInfo& call);

  void stop();

  // Both until close(), which gives the memory back; the thread may still be letting go of the sender.
  std::shared_ptr<MediaThread> thread_;
  std::shared_ptr<MediaSender> sender_;
  // Of the closed sender.
  MediaSender::Numbers last_numbers_{};
  MediaSender::Counters last_counters_{};
};

}  // namespace mykvm
