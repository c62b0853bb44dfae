#include "js_arguments.h"

#include <cmath>

#include "js_errors.h"

namespace mykvm {

namespace {

// Below, libopenh264's rate control has nothing left to work with; above, no level of H.264 allows it (table A-1).
constexpr int64_t LEAST_BITRATE_BPS = 10'000;
constexpr int64_t MOST_BITRATE_BPS = 100'000'000;
constexpr double LEAST_FRAME_RATE = 1;
constexpr double MOST_FRAME_RATE = 120;
// ITU-T H.264, 7.4.2.2, for 8 bits.
constexpr int64_t COARSEST_QUANTIZER = 51;

template <typename Number>
std::string between(const char* kind, Number least, Number most) {
  return std::string(kind) + " from " + std::to_string(static_cast<int64_t>(least)) + " to " +
         std::to_string(static_cast<int64_t>(most));
}

}  // namespace

double number_between(const Napi::Value& value, const std::string& name, double least, double most) {
  const std::string expected = between("a number", least, most);
  if (!value.IsNumber()) throw js_type_error(value.Env(), name, expected);
  const double number = value.As<Napi::Number>().DoubleValue();
  if (!(number >= least && number <= most)) throw js_range_error(value.Env(), name, expected, number);
  return number;
}

int64_t integer_between(const Napi::Value& value, const std::string& name, int64_t least, int64_t most) {
  const std::string expected = between("an integer", least, most);
  if (!value.IsNumber()) throw js_type_error(value.Env(), name, expected);
  const double number = value.As<Napi::Number>().DoubleValue();
  if (std::trunc(number) != number || number < static_cast<double>(least) || number > static_cast<double>(most)) {
    throw js_range_error(value.Env(), name, expected, number);
  }
  return static_cast<int64_t>(number);
}

std::string string_argument(const Napi::Value& value, const std::string& name) {
  if (!value.IsString()) throw js_type_error(value.Env(), name, "a string");
  return value.As<Napi::String>().Utf8Value();
}

Napi::Object object_argument(const Napi::Value& value, const std::string& name) {
  if (!value.IsObject()) throw js_type_error(value.Env(), name, "an object");
  return value.As<Napi::Object>();
}

void require_function(const Napi::Object& object, const std::string& object_name, const char* name) {
  if (!object.Get(name).IsFunction()) throw js_type_error(object.Env(), object_name + "." + name, "a function");
}

int bitrate_argument(const Napi::Value& value, const std::string& name) {
  return static_cast<int>(integer_between(value, name, LEAST_BITRATE_BPS, MOST_BITRATE_BPS));
}

QuantizerRange quantizers_argument(const Napi::Value& value, const std::string& name) {
  const Napi::Object object = object_argument(value, name);
  QuantizerRange range;
  range.finest = static_cast<int>(integer_between(object.Get("finest"), name + ".finest", 0, COARSEST_QUANTIZER));
  range.coarsest =
      static_cast<int>(integer_between(object.Get("coarsest"), name + ".coarsest", range.finest, COARSEST_QUANTIZER));
  return range;
}

double frame_rate_argument(const Napi::Value& value, const std::string& name) {
  return number_between(value, name, LEAST_FRAME_RATE, MOST_FRAME_RATE);
}

Rect rect_argument(const Napi::Value& value, const std::string& name, const Rect& picture) {
  const Napi::Object object = object_argument(value, name);
  Rect rect;
  rect.x = static_cast<int>(integer_between(object.Get("x"), name + ".x", 0, picture.width));
  rect.y = static_cast<int>(integer_between(object.Get("y"), name + ".y", 0, picture.height));
  rect.width = static_cast<int>(integer_between(object.Get("width"), name + ".width", 0, picture.width - rect.x));
  rect.height = static_cast<int>(integer_between(object.Get("height"), name + ".height", 0, picture.height - rect.y));
  return rect;
}

}  // namespace mykvm
