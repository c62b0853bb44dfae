#pragma once

#include <napi.h>

#include <memory>

#include "pipeline.h"

namespace mykvm {

// JavaScript's `Pipeline`: N-API only, the work is Pipeline's. While it runs it keeps itself and the event loop alive.
class PipelineWrap : public Napi::ObjectWrap<PipelineWrap> {
 public:
  static Napi::Function define(Napi::Env env);
  // `createPipeline(options, listener)`.
  static Napi::Value create(const Napi::CallbackInfo& call);

  // Called through create() with its arguments.
  explicit PipelineWrap(const Napi::CallbackInfo& call);
  ~PipelineWrap() override;

 private:
  enum class State { NEW, RUNNING, FAILED, CLOSED };

  // What the threadsafe function points to: it outlives this object by the calls that are under way.
  struct Doorbell {
    PipelineWrap* owner;
  };

  static Napi::Value state(const Napi::CallbackInfo& call);
  void start(const Napi::CallbackInfo& call);
  void request_keyframe(const Napi::CallbackInfo& call);
  void set_bitrate(const Napi::CallbackInfo& call);
  void set_frame_rate(const Napi::CallbackInfo& call);
  void set_quantizers(const Napi::CallbackInfo& call);
  Napi::Value stats(const Napi::CallbackInfo& call);
  void close(const Napi::CallbackInfo& call);

  static void ring(void* doorbell);
  static void answer(napi_env env, napi_value callback, void* context, void* item);
  static void report(napi_env env, const Napi::Error& error);
  static void environment_ends(void* self);

  void deliver(Napi::Env env);
  void deliver_news(Napi::Env env);
  void deliver_signal(Napi::Env env, const Signal& signal);
  void deliver_unit(Napi::Env env, AccessUnit unit);
  void fail(Napi::Env env, const CodedError& error);
  void call_listener(const char* method, napi_value argument);
  void open_doorbell(Napi::Env env);
  // Ends the thread and frees what start() made. Safe in every state.
  void stop();
  void require_not_closed(Napi::Env env) const;

  State state_ = State::NEW;
  PipelineSettings settings_;
  PipelineCounts final_counts_;
  std::unique_ptr<Pipeline> pipeline_;
  Napi::ObjectReference listener_;
  // Keeps the owner's side of the frame buffer from being collected, and so closed, under a pipeline that reads it.
  Napi::ObjectReference source_;
  napi_env env_;
  napi_threadsafe_function bell_ = nullptr;
  Doorbell* doorbell_ = nullptr;
};

}  // namespace mykvm
