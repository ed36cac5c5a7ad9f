#include "api/span.h"

#include <cxxabi.h>

#include <algorithm>
#include <cstdlib>
#include <typeinfo>

#include "trace/clock.h"
#include "trace/span_record.h"

namespace spoor::trace {
namespace {

// Since 1970; what lies before counts as then.
uint64_t NanosOf(Timestamp time) noexcept {
  const auto count = time.time_since_epoch().count();
  return count < 0 ? 0 : static_cast<uint64_t>(count);
}

// The name of a type as people write it.
class TypeName {
 public:
  explicit TypeName(const std::type_info& type) noexcept : mangled_(type.name()) {
    int status = 0;
    readable_ = abi::__cxa_demangle(mangled_, nullptr, nullptr, &status);
  }
  TypeName(const TypeName&) = delete;
  TypeName& operator=(const TypeName&) = delete;
  ~TypeName() { std::free(readable_); }
  const char* text() const noexcept { return readable_ != nullptr ? readable_ : mangled_; }

 private:
  const char* const mangled_;
  char* readable_;
};

}  // namespace

Span::Span(const Span& other) noexcept : context_(other.context_), record_(other.record_) {
  if (record_ != nullptr) record_->AddHandle();
}

Span& Span::operator=(const Span& other) noexcept {
  if (this != &other) *this = Span(other);
  return *this;
}

Span& Span::operator=(Span&& other) noexcept {
  if (this == &other) return *this;
  SpanRecord* before = record_;
  context_ = std::move(other.context_);
  record_ = std::exchange(other.record_, nullptr);
  if (before != nullptr) before->ReleaseHandle();
  return *this;
}

void Span::Release() noexcept { record_->ReleaseHandle(); }

void Span::EndForGood() && noexcept {
  if (SpanRecord* record = std::exchange(record_, nullptr)) record->EndAndReleaseHandle();
}

bool Span::IsRecording() const noexcept { return record_ != nullptr && record_->IsOpen(); }

Span& Span::SetAttribute(std::string_view key, AttributeValue value) noexcept {
  if (record_ != nullptr) record_->WhileOpen([&](SpanRecord& record) { record.SetAttribute(key, value); });
  return *this;
}

Span& Span::SetAttributes(Attributes attributes) noexcept {
  if (record_ == nullptr) return *this;
  record_->WhileOpen([&](SpanRecord& record) {
    for (const Attribute& attribute : attributes) record.SetAttribute(attribute.key, attribute.value);
  });
  return *this;
}

Span& Span::AddEvent(std::string_view name, Attributes attributes) noexcept {
  if (record_ == nullptr) return *this;
  // Read before it is known whether there is room: an event's time is when it was told.
  const uint64_t now_ns = WallNanos(SteadyNanos());
  record_->WhileOpen([&](SpanRecord& record) { record.AddEvent(name, now_ns, attributes, {}); });
  return *this;
}

Span& Span::AddEvent(std::string_view name, Timestamp time, Attributes attributes) noexcept {
  if (record_ == nullptr) return *this;
  record_->WhileOpen([&](SpanRecord& record) { record.AddEvent(name, NanosOf(time), attributes, {}); });
  return *this;
}

Span& Span::AddLink(const SpanContext& to, Attributes attributes) noexcept {
  if (record_ != nullptr) record_->WhileOpen([&](SpanRecord& record) { record.AddLink(to, attributes); });
  return *this;
}

Span& Span::SetStatus(StatusCode code, std::string_view description) noexcept {
  if (record_ != nullptr) record_->WhileOpen([&](SpanRecord& record) { record.SetStatus(code, description); });
  return *this;
}

Span& Span::RecordException(const std::exception& exception, Attributes attributes) noexcept {
  if (!IsRecording()) return *this;
  const TypeName type(typeid(exception));
  const Attribute told[] = {{"exception.type", type.text()}, {"exception.message", exception.what()}};
  // What the caller says of it wins, so of ours only the other keys go in.
  Attribute ours[2];
  size_t count = 0;
  for (const Attribute& attribute : told) {
    bool is_given = false;
    for (const Attribute& given : attributes) is_given = is_given || given.key == attribute.key;
    if (!is_given) ours[count++] = attribute;
  }
  const uint64_t now_ns = WallNanos(SteadyNanos());
  record_->WhileOpen(
      [&](SpanRecord& record) { record.AddEvent("exception", now_ns, Attributes(ours, count), attributes); });
  return *this;
}

Span& Span::UpdateName(std::string_view name) noexcept {
  if (record_ != nullptr) record_->WhileOpen([&](SpanRecord& record) { record.SetName(name); });
  return *this;
}

void Span::EndNow() noexcept { record_->End(0); }

void Span::End(Timestamp time) noexcept {
  if (record_ != nullptr) record_->End(std::max<uint64_t>(NanosOf(time), 1));  // 0 would be now
}

}  // namespace spoor::trace
