#pragma once

#include <napi.h>

#include <string>

#include "i420_picture.h"
#include "rate_settings.h"

namespace mykvm {

// Each reads one argument and throws a TypeError or RangeError that names it (see js_errors.h).
double number_between(const Napi::Value& value, const std::string& name, double least, double most);
int64_t integer_between(const Napi::Value& value, const std::string& name, int64_t least, int64_t most);
std::string string_argument(const Napi::Value& value, const std::string& name);
Napi::Object object_argument(const Napi::Value& value, const std::string& name);
void require_function(const Napi::Object& object, const std::string& object_name, const char* name);

int bitrate_argument(const Napi::Value& value, const std::string& name);
QuantizerRange quantizers_argument(const Napi::Value& value, const std::string& name);
double frame_rate_argument(const Napi::Value& value, const std::string& name);
// A rectangle inside a picture of the size of `picture`.
Rect rect_argument(const Napi::Value& value, const std::string& name, const Rect& picture);

}  // namespace mykvm
