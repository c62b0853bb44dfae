#include "pipeline_wrap.h"

#include "addon_state.h"
#include "js_arguments.h"
#include "js_errors.h"

namespace mykvm {

namespace {

// Marks our objects. Node checks the receiver of a method, but not that of a getter, which could be any wrapped object.
constexpr napi_type_tag PIPELINE_TAG = {0x6d796b766d2d7069, 0x70656c696e653031};

bool is_kind(const Napi::Object& object, const char* kind) {
  return object.Get("kind").StrictEquals(Napi::String::New(object.Env(), kind));
}

// 'UYVY', as the kernel writes formats.
uint32_t pixel_format_argument(const Napi::Value& value, const std::string& name) {
  if (value.IsUndefined()) return 0;
  const std::string text = string_argument(value, name);
  if (text.size() != 4) throw js_type_error(value.Env(), name, "a string of four characters");
  return v4l2_fourcc(text[0], text[1], text[2], text[3]);
}

void read_source(const Napi::Object& source, PipelineSettings& settings) {
  const Napi::Env env = source.Env();
  if (is_kind(source, "capture-device")) {
    settings.capture_path = string_argument(source.Get("path"), "options.source.path");
    settings.pixel_format = pixel_format_argument(source.Get("pixelFormat"), "options.source.pixelFormat");
    return;
  }
  if (!is_kind(source, "frame-buffer")) {
    throw js_type_error(env, "options.source.kind", "'frame-buffer' or 'capture-device'");
  }
  const auto handle =
      static_cast<uint32_t>(integer_between(source.Get("handle"), "options.source.handle", 0, UINT32_MAX));
  settings.frame_buffer = FrameBuffer::find(handle);
  if (!settings.frame_buffer) {
    throw js_error(env, "ENOENT", "options.source.handle: no frame buffer has handle " + std::to_string(handle));
  }
}

void read_encoder(const Napi::Object& encoder, PipelineSettings& settings) {
  if (is_kind(encoder, "software")) return;
  if (!is_kind(encoder, "m2m")) throw js_type_error(encoder.Env(), "options.encoder.kind", "'software' or 'm2m'");
  if (settings.frame_buffer) {
    throw js_type_error(encoder.Env(), "options.encoder.kind", "'software' for a frame buffer");
  }
  settings.encoder_path = string_argument(encoder.Get("path"), "options.encoder.path");
}

PipelineSettings settings_argument(const Napi::Value& value) {
  const Napi::Object options = object_argument(value, "options");
  const Napi::Object source = object_argument(options.Get("source"), "options.source");
  const Napi::Object encoder = object_argument(options.Get("encoder"), "options.encoder");
  PipelineSettings settings;
  read_source(source, settings);
  read_encoder(encoder, settings);
  settings.rate.bitrate_bps = bitrate_argument(options.Get("bitrateBps"), "options.bitrateBps");
  settings.rate.frame_rate = frame_rate_argument(options.Get("frameRate"), "options.frameRate");
  const Napi::Value quantizers = options.Get("quantizers");
  if (!quantizers.IsUndefined()) settings.rate.quantizers = quantizers_argument(quantizers, "options.quantizers");
  return settings;
}

Napi::Value js_stage(Napi::Env env, const StageTime& stage, uint32_t pictures) {
  Napi::Object result = Napi::Object::New(env);
  result.Set("meanUs", pictures == 0 ? 0 : static_cast<double>(stage.total_us) / pictures);
  result.Set("mostUs", static_cast<double>(stage.most_us));
  return result;
}

Napi::Value js_stages(Napi::Env env, const StageTimes& stages) {
  Napi::Object result = Napi::Object::New(env);
  result.Set("pictures", stages.pictures);
  result.Set("capture", js_stage(env, stages.capture, stages.pictures));
  result.Set("wait", js_stage(env, stages.wait, stages.pictures));
  result.Set("encode", js_stage(env, stages.encode, stages.pictures));
  result.Set("handOver", js_stage(env, stages.hand_over, stages.pictures));
  return result;
}

const char* name_of(SignalState state) {
  switch (state) {
    case SignalState::OK:
      return "ok";
    case SignalState::NO_DEVICE:
      return "no-device";
    case SignalState::NO_CABLE:
      return "no-cable";
    case SignalState::NO_SIGNAL:
      return "no-signal";
    case SignalState::NO_SYNC:
      return "no-sync";
    case SignalState::UNSUPPORTED_TIMINGS:
      return "unsupported-timings";
  }
  return "";
}

// The bytes move into the Buffer: no copy.
Napi::Value buffer_of(Napi::Env env, std::vector<uint8_t> bytes) {
  auto* owned = new std::vector<uint8_t>(std::move(bytes));
  return Napi::Buffer<uint8_t>::New(
      env, owned->data(), owned->size(), [](Napi::Env, uint8_t*, std::vector<uint8_t>* vector) { delete vector; },
      owned);
}

}  // namespace

Napi::Function PipelineWrap::define(Napi::Env env) {
  Napi::Function constructor = DefineClass(env, "Pipeline",
                                           {InstanceMethod<&PipelineWrap::start>("start"),
                                            InstanceMethod<&PipelineWrap::request_keyframe>("requestKeyframe"),
                                            InstanceMethod<&PipelineWrap::set_bitrate>("setBitrate"),
                                            InstanceMethod<&PipelineWrap::set_frame_rate>("setFrameRate"),
                                            InstanceMethod<&PipelineWrap::set_quantizers>("setQuantizers"),
                                            InstanceMethod<&PipelineWrap::stats>("stats"),
                                            InstanceMethod<&PipelineWrap::close>("close")});
  constructor.Get("prototype").As<Napi::Object>().DefineProperty(
      Napi::PropertyDescriptor::Accessor<&PipelineWrap::state>("state", napi_enumerable));
  return constructor;
}

Napi::Value PipelineWrap::create(const Napi::CallbackInfo& call) {
  return call.Env().GetInstanceData<AddonState>()->pipeline.New({call[0], call[1]});
}

PipelineWrap::PipelineWrap(const Napi::CallbackInfo& call)
    : Napi::ObjectWrap<PipelineWrap>(call), settings_(settings_argument(call[0])), env_(call.Env()) {
  const Napi::Object listener = object_argument(call[1], "listener");
  require_function(listener, "listener", "accessUnit");
  require_function(listener, "listener", "failed");
  for (const char* const optional : {"signal", "notice"}) {
    if (!listener.Get(optional).IsUndefined()) require_function(listener, "listener", optional);
  }
  listener_ = Napi::Persistent(listener);
  call.This().As<Napi::Object>().TypeTag(&PIPELINE_TAG);
  source_ = Napi::Persistent(call[0].As<Napi::Object>().Get("source").As<Napi::Object>());
}

PipelineWrap::~PipelineWrap() { stop(); }

Napi::Value PipelineWrap::state(const Napi::CallbackInfo& call) {
  if (!call.This().IsObject() || !call.This().As<Napi::Object>().CheckTypeTag(&PIPELINE_TAG)) {
    throw js_type_error(call.Env(), "the receiver of state", "a Pipeline");
  }
  const char* const names[] = {"new", "running", "failed", "closed"};
  return Napi::String::New(call.Env(), names[static_cast<int>(Unwrap(call.This().As<Napi::Object>())->state_)]);
}

void PipelineWrap::start(const Napi::CallbackInfo& call) {
  const Napi::Env env = call.Env();
  require_not_closed(env);
  if (state_ != State::NEW) {
    throw js_error(env, "ERR_PIPELINE_STATE", "start() of a pipeline that was started before: make a new one");
  }
  open_doorbell(env);
  try {
    pipeline_ = guarded(env, [&] { return std::make_unique<Pipeline>(settings_, &PipelineWrap::ring, bell_); });
  } catch (const Napi::Error&) {
    stop();
    throw;
  }
  state_ = State::RUNNING;
  Ref();
}

// A keyframe, bit rate, frame rate or quantizers before start() is kept for it; after a failure it changes nothing any more.
void PipelineWrap::request_keyframe(const Napi::CallbackInfo& call) {
  require_not_closed(call.Env());
  if (pipeline_) pipeline_->request_keyframe();
}

void PipelineWrap::set_bitrate(const Napi::CallbackInfo& call) {
  require_not_closed(call.Env());
  settings_.rate.bitrate_bps = bitrate_argument(call[0], "bitrateBps");
  if (pipeline_) pipeline_->set_bitrate(settings_.rate.bitrate_bps);
}

void PipelineWrap::set_frame_rate(const Napi::CallbackInfo& call) {
  require_not_closed(call.Env());
  settings_.rate.frame_rate = frame_rate_argument(call[0], "frameRate");
  if (pipeline_) pipeline_->set_frame_rate(settings_.rate.frame_rate);
}

void PipelineWrap::set_quantizers(const Napi::CallbackInfo& call) {
  require_not_closed(call.Env());
  settings_.rate.quantizers = quantizers_argument(call[0], "quantizers");
  if (pipeline_) pipeline_->set_quantizers(settings_.rate.quantizers);
}

Napi::Value PipelineWrap::stats(const Napi::CallbackInfo& call) {
  const Napi::Env env = call.Env();
  require_not_closed(env);
  const PipelineCounts counts = pipeline_ ? pipeline_->counts() : final_counts_;
  Napi::Object result = Napi::Object::New(env);
  result.Set("captured", counts.source.captured);
  result.Set("damaged", counts.source.damaged + counts.undecodable);
  result.Set("missed", counts.source.missed);
  result.Set("unchanged", counts.unchanged);
  result.Set("coded", counts.coded);
  result.Set("dropped", counts.dropped);
  result.Set("copied", counts.copied);
  result.Set("stages", js_stages(env, counts.stages));
  return result;
}

void PipelineWrap::close(const Napi::CallbackInfo&) {
  if (state_ == State::CLOSED) return;
  const bool running = state_ == State::RUNNING;
  state_ = State::CLOSED;
  stop();
  settings_.frame_buffer.reset();
  source_.Reset();
  listener_.Reset();
  if (running) Unref();
}

void PipelineWrap::require_not_closed(Napi::Env env) const {
  if (state_ == State::CLOSED) throw js_error(env, "ERR_PIPELINE_CLOSED", "the pipeline is closed");
}

void PipelineWrap::open_doorbell(Napi::Env env) {
  doorbell_ = new Doorbell{this};
  const napi_status status = napi_create_threadsafe_function(
      env, nullptr, nullptr, Napi::String::New(env, "mykvm.Pipeline"), 0, 1, doorbell_,
      [](napi_env, void* doorbell, void*) { delete static_cast<Doorbell*>(doorbell); }, doorbell_, &answer, &bell_);
  if (status != napi_ok) {
    delete doorbell_;
    doorbell_ = nullptr;
    throw Napi::Error::New(env);
  }
  // Hooks run in reverse order of their registration: the thread ends before Node frees the threadsafe function, which
  // it does at exit without regard to the threads that use it.
  napi_add_env_cleanup_hook(env, &environment_ends, this);
}

void PipelineWrap::stop() {
  // Joins the thread: nothing rings any more.
  if (pipeline_) final_counts_ = pipeline_->counts();
  pipeline_.reset();
  if (!bell_) return;
  doorbell_->owner = nullptr;
  napi_remove_env_cleanup_hook(env_, &environment_ends, this);
  napi_release_threadsafe_function(bell_, napi_tsfn_abort);
  bell_ = nullptr;
}

void PipelineWrap::environment_ends(void* self) { static_cast<PipelineWrap*>(self)->stop(); }

// In the pipeline's thread.
void PipelineWrap::ring(void* bell) {
  napi_call_threadsafe_function(static_cast<napi_threadsafe_function>(bell), nullptr, napi_tsfn_nonblocking);
}

// An uncaught exception. An empty error means that Node ends and runs no JavaScript any more.
void PipelineWrap::report(napi_env env, const Napi::Error& error) {
  if (!error.IsEmpty()) napi_fatal_exception(env, error.Value());
}

// In JavaScript's thread. Without `env` Node only empties the queue after stop(); then the doorbell is freed already,
// because Node calls the finalizer first.
void PipelineWrap::answer(napi_env env, napi_value, void* context, void*) {
  if (env == nullptr) return;
  PipelineWrap* const owner = static_cast<Doorbell*>(context)->owner;
  if (owner == nullptr) return;
  try {
    owner->deliver(env);
  } catch (const Napi::Error& error) {
    report(env, error);
  }
}

void PipelineWrap::deliver(Napi::Env env) {
  const Napi::HandleScope scope(env);
  // The listener may close the pipeline, and drop it: look again after each call, and keep it until the end of this one.
  [[maybe_unused]] const Napi::Object self = Value();
  deliver_news(env);
  while (pipeline_) {
    std::optional<AccessUnit> unit = pipeline_->take_unit();
    if (!unit) break;
    deliver_unit(env, std::move(*unit));
  }
  if (!pipeline_) return;
  const std::optional<CodedError> failure = pipeline_->failure();
  if (!failure) return;
  // What was told before the failure may have come since.
  deliver_news(env);
  if (pipeline_) fail(env, *failure);
}

// Before the pictures: those of a new mode come after the signal that announces it.
void PipelineWrap::deliver_news(Napi::Env env) {
  if (!pipeline_) return;
  if (const std::optional<Signal> signal = pipeline_->take_signal()) deliver_signal(env, *signal);
  while (pipeline_) {
    const std::optional<std::string> notice = pipeline_->take_notice();
    if (!notice) return;
    if (listener_.Value().Get("notice").IsFunction()) call_listener("notice", Napi::String::New(env, *notice));
  }
}

void PipelineWrap::deliver_signal(Napi::Env env, const Signal& signal) {
  if (!listener_.Value().Get("signal").IsFunction()) return;
  Napi::Object result = Napi::Object::New(env);
  result.Set("state", name_of(signal.state));
  result.Set("width", signal.width);
  result.Set("height", signal.height);
  result.Set("frameRate", signal.frame_rate);
  call_listener("signal", result);
}

void PipelineWrap::deliver_unit(Napi::Env env, AccessUnit unit) {
  const Napi::HandleScope scope(env);
  Napi::Object result = Napi::Object::New(env);
  result.Set("data", buffer_of(env, std::move(unit.bytes)));
  result.Set("keyframe", unit.keyframe);
  result.Set("timestampUs", static_cast<double>(unit.timestamp_us));
  result.Set("number", unit.number);
  result.Set("width", unit.width);
  result.Set("height", unit.height);
  result.Set("takenUs", static_cast<double>(unit.taken_us < 0 ? unit.timestamp_us : unit.taken_us));
  result.Set("codedUs", static_cast<double>(unit.coded_us));
  result.Set("encodeUs", static_cast<double>(unit.encode_us));
  call_listener("accessUnit", result);
}

void PipelineWrap::fail(Napi::Env env, const CodedError& error) {
  state_ = State::FAILED;
  stop();
  const Napi::Error reason = js_error(env, error);
  Unref();
  call_listener("failed", reason.Value());
}

// What the listener throws is an uncaught exception, as from an event listener.
void PipelineWrap::call_listener(const char* method, napi_value argument) {
  try {
    const Napi::Object listener = listener_.Value();
    listener.Get(method).As<Napi::Function>().Call(listener, {argument});
  } catch (const Napi::Error& error) {
    report(env_, error);
  }
}

}  // namespace mykvm
