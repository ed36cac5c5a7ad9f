#include "api/jaeger_v3/otlp_value.h"

#include <string>
#include <vector>

#include "base/base64.h"
#include "model/any_value.h"

namespace spoor::api {
namespace {

// Writes AnyValues, nested to any depth. A value of a map is a pair, which ends with it.
class OtlpValueJson final : public AnyValueVisitor {
 public:
  explicit OtlpValueJson(std::string& out) : json_(out) {}

  void Empty() override {
    Scalar([] {});
  }
  void String(std::string_view text) override {
    Scalar([&] { json_.Member("stringValue", text); });
  }
  void Bool(bool value) override {
    Scalar([&] { json_.Member("boolValue", value); });
  }
  void Int(int64_t value) override {
    Scalar([&] {
      json_.Key("intValue");
      json_.IntText(value);
    });
  }
  void Double(double value) override {
    Scalar([&] { json_.Member("doubleValue", value); });
  }
  void Bytes(std::string_view bytes) override {
    std::string text;
    AppendBase64(text, bytes);
    Scalar([&] { json_.Member("bytesValue", text); });
  }
  void BeginArray() override { Begin("arrayValue", false); }
  void EndArray() override { End(); }
  void BeginMap() override { Begin("kvlistValue", true); }
  void EndMap() override { End(); }
  void Key(std::string_view key) override {
    json_.BeginObject();
    json_.Member("key", key);
    json_.Key("value");
  }

 private:
  void Scalar(auto write) {
    json_.BeginObject();
    write();
    json_.EndObject();
    EndPair();
  }
  void Begin(std::string_view name, bool map) {
    json_.BeginObject();
    json_.Key(name);
    json_.BeginObject();
    json_.Key("values");
    json_.BeginArray();
    in_map_.push_back(map);
  }
  void End() {
    in_map_.pop_back();
    json_.EndArray();
    json_.EndObject();
    json_.EndObject();
    EndPair();
  }
  void EndPair() {
    if (!in_map_.empty() && in_map_.back()) json_.EndObject();
  }

  JsonWriter json_;
  std::vector<bool> in_map_;  // of the lists that are open
};

void WriteNested(JsonWriter& json, std::string_view any_value) {
  std::string text;
  OtlpValueJson visitor(text);
  json.Raw(VisitAnyValue(any_value, visitor) ? std::string_view(text) : "{}");
}

void WriteValue(JsonWriter& json, ValueType type, uint64_t cell, std::string_view bytes) {
  if (type == ValueType::kArray || type == ValueType::kMap) return WriteNested(json, bytes);
  json.BeginObject();
  switch (type) {
    case ValueType::kString: json.Member("stringValue", bytes); break;
    case ValueType::kBool: json.Member("boolValue", cell != 0); break;
    case ValueType::kInt:
      json.Key("intValue");
      json.IntText(static_cast<int64_t>(cell));
      break;
    case ValueType::kDouble: json.Member("doubleValue", CellToDouble(cell)); break;
    case ValueType::kBytes: {
      std::string text;
      AppendBase64(text, bytes);
      json.Member("bytesValue", text);
      break;
    }
    default: break;
  }
  json.EndObject();
}

}  // namespace

void WriteOtlpAttributes(JsonWriter& json, const SpanBatch& batch, const AttributeListColumns& lists, uint32_t list) {
  const auto keys = batch.ShapeKeys(lists.shape[list]);
  const auto types = batch.ShapeTypes(lists.shape[list]);
  if (keys.empty()) return;
  json.Key("attributes");
  json.BeginArray();
  for (size_t i = 0; i < keys.size(); ++i) {
    const uint64_t cell = batch.values[lists.value_begin[list] + i];
    json.BeginObject();
    json.Member("key", batch.String(keys[i]));
    json.Key("value");
    WriteValue(json, types[i], cell, IsCode(types[i]) ? batch.String(static_cast<StringCode>(cell)) : "");
    json.EndObject();
  }
  json.EndArray();
}

}  // namespace spoor::api
