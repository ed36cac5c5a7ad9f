#include "plan/nested_json.h"

#include <string>

#include "base/base64.h"
#include "model/any_value.h"

namespace spoor {
namespace {

class PlainJson final : public AnyValueVisitor {
 public:
  explicit PlainJson(std::string& out) : json_(out) {}

  void Empty() override { json_.Null(); }
  void String(std::string_view text) override { json_.String(text); }
  void Bool(bool value) override { json_.Bool(value); }
  void Int(int64_t value) override { json_.Int(value); }
  void Double(double value) override { json_.Double(value); }
  void Bytes(std::string_view bytes) override {
    std::string text;
    AppendBase64(text, bytes);
    json_.String(text);
  }
  void BeginArray() override { json_.BeginArray(); }
  void EndArray() override { json_.EndArray(); }
  void BeginMap() override { json_.BeginObject(); }
  void Key(std::string_view key) override { json_.Key(key); }
  void EndMap() override { json_.EndObject(); }

 private:
  JsonWriter json_;
};

}  // namespace

void WriteNestedJson(JsonWriter& json, std::string_view any_value) {
  std::string text;
  PlainJson visitor(text);
  if (VisitAnyValue(any_value, visitor)) {
    json.Raw(text);
  } else {
    json.Null();
  }
}

}  // namespace spoor
