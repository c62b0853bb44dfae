#include "frame_buffer_producer_wrap.h"

#include "addon_state.h"
#include "js_arguments.h"
#include "js_errors.h"

namespace mykvm {

namespace {

// Below one macroblock libopenh264 refuses; above, no picture that the appliance can capture.
constexpr int LEAST_SIDE = 16;
constexpr int MOST_WIDTH = 1920;
constexpr int MOST_HEIGHT = 1200;

int even_between(const Napi::Value& value, const char* name, int most) {
  const int side = static_cast<int>(integer_between(value, name, LEAST_SIDE, most));
  if (side % 2 != 0) throw js_range_error(value.Env(), name, "an even number", side);
  return side;
}

// JavaScript's view of the pixels; it shares their ownership.
Napi::Value view_of(Napi::Env env, const std::shared_ptr<Pixels>& pixels) {
  auto* share = new std::shared_ptr<Pixels>(pixels);
  const size_t count = pixels->words.size();
  const auto memory = Napi::ArrayBuffer::New(
      env, pixels->words.data(), count * sizeof(uint32_t),
      [](Napi::Env, void*, std::shared_ptr<Pixels>* owned) { delete owned; }, share);
  return Napi::Uint32Array::New(env, count, memory, 0);
}

}  // namespace

Napi::Function FrameBufferProducerWrap::define(Napi::Env env) {
  return DefineClass(env, "FrameBufferProducer",
                     {InstanceMethod<&FrameBufferProducerWrap::set_mode>("setMode"),
                      InstanceMethod<&FrameBufferProducerWrap::acquire>("acquire"),
                      InstanceMethod<&FrameBufferProducerWrap::submit>("submit"),
                      InstanceMethod<&FrameBufferProducerWrap::close>("close")});
}

Napi::Value FrameBufferProducerWrap::open(const Napi::CallbackInfo& call) {
  return call.Env().GetInstanceData<AddonState>()->frame_buffer_producer.New({call[0]});
}

FrameBufferProducerWrap::FrameBufferProducerWrap(const Napi::CallbackInfo& call)
    : Napi::ObjectWrap<FrameBufferProducerWrap>(call) {
  const Napi::Env env = call.Env();
  const auto handle = static_cast<uint32_t>(integer_between(call[0], "handle", 0, UINT32_MAX));
  std::shared_ptr<FrameBuffer> buffer = FrameBuffer::find(handle);
  if (!buffer) throw js_error(env, "ENOENT", "no frame buffer has handle " + std::to_string(handle));
  if (!buffer->open_producer()) {
    throw js_error(env, "EBUSY", "frame buffer " + std::to_string(handle) + " has a producer");
  }
  buffer_ = std::move(buffer);
}

FrameBufferProducerWrap::~FrameBufferProducerWrap() { release(); }

void FrameBufferProducerWrap::release() {
  if (buffer_) buffer_->close_producer();
  buffer_.reset();
}

FrameBuffer& FrameBufferProducerWrap::require_open(Napi::Env env) const {
  if (!buffer_) throw js_error(env, "ERR_FRAME_BUFFER_CLOSED", "the producer is closed");
  return *buffer_;
}

FrameBuffer& FrameBufferProducerWrap::require_mode(Napi::Env env) const {
  FrameBuffer& buffer = require_open(env);
  if (!has_mode_) throw js_error(env, "ERR_FRAME_BUFFER_STATE", "the producer has no pixels: call setMode() first");
  return buffer;
}

Napi::Value FrameBufferProducerWrap::set_mode(const Napi::CallbackInfo& call) {
  FrameBuffer& buffer = require_open(call.Env());
  const int width = even_between(call[0], "width", MOST_WIDTH);
  const int height = even_between(call[1], "height", MOST_HEIGHT);
  const auto pixels = guarded(call.Env(), [&] { return buffer.set_mode(width, height); });
  has_mode_ = true;
  return view_of(call.Env(), pixels);
}

Napi::Value FrameBufferProducerWrap::acquire(const Napi::CallbackInfo& call) {
  FrameBuffer& buffer = require_mode(call.Env());
  return Napi::Boolean::New(call.Env(), guarded(call.Env(), [&] { return buffer.acquire(); }));
}

void FrameBufferProducerWrap::submit(const Napi::CallbackInfo& call) {
  FrameBuffer& buffer = require_mode(call.Env());
  constexpr int64_t GREATEST_INTEGER = (int64_t{1} << 53) - 1;
  const int64_t timestamp_us =
      static_cast<int64_t>(number_between(call[0], "timestampUs", 0, static_cast<double>(GREATEST_INTEGER)));
  const Rect ignore = call[1].IsUndefined() ? Rect{} : rect_argument(call[1], "ignore", buffer.mode());
  guarded(call.Env(), [&] { buffer.submit(timestamp_us, ignore); });
}

void FrameBufferProducerWrap::close(const Napi::CallbackInfo&) { release(); }

}  // namespace mykvm
