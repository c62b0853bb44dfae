#include "media_sender_wrap.h"

#include <climits>
#include <cstring>
#include <utility>

#include "addon_state.h"
#include "js_arguments.h"
#include "js_errors.h"

namespace mykvm {

namespace {

// One-byte extensions of RFC 8285: identifiers of 14 kinds with at most 17 bytes each, and the first word.
constexpr size_t MOST_EXTENSION_BYTES = 256;
// What IPv4 can carry, less the headers around the payload.
constexpr int64_t MOST_PAYLOAD_BYTES = 60'000;
// A ring of more could confuse packets of two rounds of the sequence number.
constexpr int64_t MOST_HISTORY_PACKETS = 32'768;
constexpr int64_t MOST_PACE_BPS = 1'000'000'000'000;

const Napi::Uint8Array bytes_argument(const Napi::Value& value, const std::string& name) {
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != napi_uint8_array) {
    throw js_type_error(value.Env(), name, "a Uint8Array");
  }
  return value.As<Napi::Uint8Array>();
}

RtpNumbers numbers_argument(const Napi::Value& value, const std::string& name) {
  const Napi::Object object = object_argument(value, name);
  const auto number = [&](const char* field, int64_t most) {
    return static_cast<uint64_t>(integer_between(object.Get(field), name + "." + field, 0, most));
  };
  RtpNumbers numbers;
  numbers.ssrc = static_cast<uint32_t>(number("ssrc", UINT32_MAX));
  numbers.payload_type = static_cast<uint8_t>(number("payloadType", 127));
  numbers.next_index = number("rolloverCounter", UINT32_MAX) << 16 | number("sequenceNumber", UINT16_MAX);
  return numbers;
}

SrtpKeys keys_argument(const Napi::Value& value, const std::string& name) {
  const Napi::Object object = object_argument(value, name);
  const std::string profile = string_argument(object.Get("profile"), name + ".profile");
  SrtpKeys keys{};
  if (profile == "AEAD_AES_128_GCM") {
    keys.profile = SrtpProfile::AEAD_AES_128_GCM;
  } else if (profile == "AES_CM_128_HMAC_SHA1_80") {
    keys.profile = SrtpProfile::AES_CM_128_HMAC_SHA1_80;
  } else {
    throw js_type_error(value.Env(), name + ".profile", "AEAD_AES_128_GCM or AES_CM_128_HMAC_SHA1_80");
  }
  const Napi::Uint8Array key = bytes_argument(object.Get("masterKey"), name + ".masterKey");
  const Napi::Uint8Array salt = bytes_argument(object.Get("masterSalt"), name + ".masterSalt");
  const size_t salt_size = keys.profile == SrtpProfile::AEAD_AES_128_GCM ? 12 : 14;
  if (key.ByteLength() != keys.master_key.size()) throw js_type_error(value.Env(), name + ".masterKey", "16 bytes");
  if (salt.ByteLength() != salt_size) {
    throw js_type_error(value.Env(), name + ".masterSalt", std::to_string(salt_size) + " bytes");
  }
  std::memcpy(keys.master_key.data(), key.Data(), key.ByteLength());
  keys.master_salt.assign(salt.Data(), salt.Data() + salt.ByteLength());
  return keys;
}

std::vector<uint8_t> extension_argument(const Napi::Value& value, const std::string& name) {
  const Napi::Uint8Array bytes = bytes_argument(value, name);
  if (bytes.ByteLength() % 4 != 0 || bytes.ByteLength() > MOST_EXTENSION_BYTES) {
    throw js_type_error(value.Env(), name, "whole words, at most 256 bytes");
  }
  return {bytes.Data(), bytes.Data() + bytes.ByteLength()};
}

MediaSenderOptions options_argument(const Napi::Value& value) {
  const Napi::Object object = object_argument(value, "options");
  const Napi::Value rtx = object.Get("rtx");
  const auto size = [&](const char* field, int64_t least, int64_t most) {
    return static_cast<size_t>(integer_between(object.Get(field), std::string("options.") + field, least, most));
  };
  return {numbers_argument(object.Get("media"), "options.media"),
          rtx.IsNull() ? std::nullopt : std::make_optional(numbers_argument(rtx, "options.rtx")),
          keys_argument(object.Get("keys"), "options.keys"),
          extension_argument(object.Get("extension"), "options.extension"),
          size("mostPayloadBytes", 64, MOST_PAYLOAD_BYTES),
          size("historyPackets", 1, MOST_HISTORY_PACKETS),
          size("mostQueuedBytes", 0, INT_MAX)};
}

Napi::Object to_js(Napi::Env env, const RtpNumbers& numbers) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("ssrc", numbers.ssrc);
  object.Set("payloadType", static_cast<uint32_t>(numbers.payload_type));
  object.Set("sequenceNumber", static_cast<uint32_t>(numbers.next_index & 0xffff));
  object.Set("rolloverCounter", static_cast<uint32_t>(numbers.next_index >> 16));
  return object;
}

}  // namespace

Napi::Function MediaSenderWrap::define(Napi::Env env) {
  return DefineClass(
      env, "MediaSender",
      {InstanceMethod<&MediaSenderWrap::set_route>("setRoute"), InstanceMethod<&MediaSenderWrap::set_pace>("setPace"), InstanceMethod<&MediaSenderWrap::send>("send"),
       InstanceMethod<&MediaSenderWrap::retransmit>("retransmit"), InstanceMethod<&MediaSenderWrap::stats>("stats"),
       InstanceMethod<&MediaSenderWrap::close>("close")});
}

Napi::Value MediaSenderWrap::create(const Napi::CallbackInfo& call) {
  return call.Env().GetInstanceData<AddonState>()->media_sender.New({call[0]});
}

MediaSenderWrap::MediaSenderWrap(const Napi::CallbackInfo& call) : Napi::ObjectWrap<MediaSenderWrap>(call) {
  MediaSenderOptions options = options_argument(call[0]);
  guarded(call.Env(), [&] {
    sender_ = std::make_shared<MediaSender>(std::move(options));
    thread_ = MediaThread::shared();
    thread_->add(sender_);
  });
}

MediaSenderWrap::~MediaSenderWrap() { stop(); }

void MediaSenderWrap::set_route(const Napi::CallbackInfo& call) {
  const Napi::Object object = object_argument(call[0], "route");
  const auto fd = static_cast<int>(integer_between(object.Get("fd"), "route.fd", 0, INT_MAX));
  const std::string address = string_argument(object.Get("address"), "route.address");
  const auto port = static_cast<uint16_t>(integer_between(object.Get("port"), "route.port", 1, UINT16_MAX));
  const auto channel = static_cast<uint16_t>(integer_between(object.Get("channel"), "route.channel", 0, 0x4fff));
  if (!sender_) return;
  guarded(call.Env(), [&] { sender_->set_route(Route(fd, address, port, channel)); });
  thread_->wake();
}

void MediaSenderWrap::set_pace(const Napi::CallbackInfo& call) {
  const bool none = call[0].IsNull();
  const int64_t bitrate_bps = none ? 0 : integer_between(call[0], "bitrateBps", 1, MOST_PACE_BPS);
  if (!sender_) return;
  sender_->set_pace(static_cast<uint64_t>(bitrate_bps));
  // What waits may leave sooner.
  thread_->wake();
}

Napi::Value MediaSenderWrap::send(const Napi::CallbackInfo& call) {
  const Napi::Uint8Array unit = bytes_argument(call[0], "unit");
  const auto timestamp = static_cast<uint32_t>(integer_between(call[1], "timestamp", 0, UINT32_MAX));
  if (!sender_) return Napi::Boolean::New(call.Env(), false);
  UnitCopies& copies = call.Env().GetInstanceData<AddonState>()->unit_copies;
  const bool taken = guarded(call.Env(), [&] {
    return sender_->send(copies.of(unit.Data(), unit.ByteLength(), timestamp), timestamp);
  });
  thread_->wake();
  return Napi::Boolean::New(call.Env(), taken);
}

Napi::Value MediaSenderWrap::retransmit(const Napi::CallbackInfo& call) {
  if (!call[0].IsArray()) throw js_type_error(call.Env(), "sequenceNumbers", "an array");
  const auto list = call[0].As<Napi::Array>();
  std::vector<uint16_t> numbers;
  for (uint32_t i = 0; i < list.Length(); ++i) {
    numbers.push_back(static_cast<uint16_t>(integer_between(list.Get(i), "sequenceNumbers", 0, UINT16_MAX)));
  }
  if (!sender_) return Napi::Number::New(call.Env(), 0);
  const size_t gone = guarded(call.Env(), [&] { return sender_->retransmit(numbers); });
  thread_->wake();
  return Napi::Number::New(call.Env(), static_cast<double>(gone));
}

Napi::Value MediaSenderWrap::stats(const Napi::CallbackInfo& call) {
  const MediaSender::Counters counters = sender_ ? sender_->counters() : last_counters_;
  Napi::Object stats = Napi::Object::New(call.Env());
  stats.Set("packets", static_cast<double>(counters.packets));
  stats.Set("bytes", static_cast<double>(counters.bytes));
  stats.Set("retransmissions", static_cast<double>(counters.retransmissions));
  stats.Set("sendErrors", static_cast<double>(counters.refused));
  stats.Set("queuedBytes", static_cast<double>(counters.queued_bytes));
  stats.Set("pacedMs", counters.paced_ms);
  return stats;
}

Napi::Value MediaSenderWrap::close(const Napi::CallbackInfo& call) {
  stop();
  const MediaSender::Numbers& numbers = last_numbers_;
  Napi::Object result = Napi::Object::New(call.Env());
  result.Set("media", to_js(call.Env(), numbers.media));
  result.Set("rtx", numbers.rtx ? to_js(call.Env(), *numbers.rtx) : call.Env().Null());
  result.Set("complete", numbers.complete);
  return result;
}

void MediaSenderWrap::stop() {
  if (!sender_) return;
  last_numbers_ = sender_->close();
  last_counters_ = sender_->counters();
  if (thread_) thread_->remove(sender_.get());
  thread_.reset();
  sender_.reset();
}

}  // namespace mykvm
