#include "video_device_calls.h"

#include "edid.h"
#include "js_arguments.h"
#include "js_errors.h"
#include "video_device_list.h"

namespace mykvm {

namespace {

Napi::Value js_list(Napi::Env env, const std::vector<std::string>& texts) {
  Napi::Array list = Napi::Array::New(env, texts.size());
  for (uint32_t index = 0; index < texts.size(); index++) list.Set(index, Napi::String::New(env, texts[index]));
  return list;
}

Napi::Value read_edid_call(const Napi::CallbackInfo& call) {
  const Napi::Env env = call.Env();
  const std::string path = string_argument(call[0], "path");
  const auto bytes = guarded(env, [&] { return read_edid(path); });
  if (!bytes) return env.Null();
  return Napi::Buffer<uint8_t>::Copy(env, bytes->data(), bytes->size());
}

void write_edid_call(const Napi::CallbackInfo& call) {
  const Napi::Env env = call.Env();
  const std::string path = string_argument(call[0], "path");
  std::vector<uint8_t> bytes;
  if (!call[1].IsNull()) {
    if (!call[1].IsTypedArray() || call[1].As<Napi::TypedArray>().TypedArrayType() != napi_uint8_array) {
      throw js_type_error(env, "edid", "a Uint8Array or null");
    }
    const auto array = call[1].As<Napi::Uint8Array>();
    if (array.ByteLength() == 0 || array.ByteLength() % 128 != 0) {
      throw js_range_error(env, "edid.length", "a multiple of 128", static_cast<double>(array.ByteLength()));
    }
    bytes.assign(array.Data(), array.Data() + array.ByteLength());
  }
  guarded(env, [&] { write_edid(path, std::move(bytes)); });
}

Napi::Value list_encoders_call(const Napi::CallbackInfo& call) {
  const Napi::Env env = call.Env();
  const std::vector<EncoderDescription> encoders = guarded(env, [] { return list_encoders(); });
  Napi::Array list = Napi::Array::New(env, encoders.size());
  for (uint32_t index = 0; index < encoders.size(); index++) {
    Napi::Object encoder = Napi::Object::New(env);
    encoder.Set("path", encoders[index].path);
    encoder.Set("name", encoders[index].name);
    encoder.Set("formats", js_list(env, encoders[index].formats));
    list.Set(index, encoder);
  }
  return list;
}

Napi::Value capture_formats_call(const Napi::CallbackInfo& call) {
  const std::string path = string_argument(call[0], "path");
  return js_list(call.Env(), guarded(call.Env(), [&] { return capture_formats(path); }));
}

}  // namespace

void define_video_device_calls(Napi::Env env, Napi::Object exports) {
  exports.Set("readEdid", Napi::Function::New<&read_edid_call>(env, "readEdid"));
  exports.Set("writeEdid", Napi::Function::New<&write_edid_call>(env, "writeEdid"));
  exports.Set("listEncoders", Napi::Function::New<&list_encoders_call>(env, "listEncoders"));
  exports.Set("captureFormats", Napi::Function::New<&capture_formats_call>(env, "captureFormats"));
}

}  // namespace mykvm
