#pragma once

#include <napi.h>

namespace mykvm {

// `readEdid`, `writeEdid`, `listEncoders` and `captureFormats`.
void define_video_device_calls(Napi::Env env, Napi::Object exports);

}  // namespace mykvm
