#include "api/spoor/red_question.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include "base/limits.h"
#include "model/rollup.h"
#include "model/value.h"

namespace spoor::api {
namespace {

constexpr uint64_t kNanosPerMicro = 1'000;

Result<std::optional<uint64_t>> TimeParameter(const jaeger::Parameters& parameters, std::string_view name) {
  ASSIGN_OR_RETURN(const std::string_view text, parameters.One(name));
  if (text.empty()) return std::optional<uint64_t>();
  ASSIGN_OR_RETURN(const int64_t us, jaeger::ParseOr(name, text, int64_t{0}, jaeger::ParseInteger));
  const uint64_t positive = us < 0 ? 0 : static_cast<uint64_t>(us);
  constexpr uint64_t kMax = std::numeric_limits<uint64_t>::max();
  return std::optional(positive > kMax / kNanosPerMicro ? kMax : positive * kNanosPerMicro);
}

// The number of "server" and the like; "unspecified" is 0.
std::optional<uint8_t> KindOf(std::string_view name) {
  if (name == "unspecified") return uint8_t{0};
  for (auto kind = static_cast<uint8_t>(SpanKind::kInternal); kind <= static_cast<uint8_t>(SpanKind::kConsumer);
       ++kind) {
    if (SpanKindName(static_cast<SpanKind>(kind)) == name) return kind;
  }
  return std::nullopt;
}

bool IsEntry(const RedSeries& series) {
  return series.kind == static_cast<uint8_t>(SpanKind::kServer) ||
         series.kind == static_cast<uint8_t>(SpanKind::kConsumer);
}

void AddSeries(const RedSeries& more, RedSeries& to) {
  to.total.Add(more.total);
  for (const RedStep& step : more.steps) {
    auto at = std::ranges::lower_bound(to.steps, step.index, {}, &RedStep::index);
    if (at == to.steps.end() || at->index != step.index) at = to.steps.insert(at, {step.index, {}});
    at->counts.Add(step.counts);
  }
}

// Leaves of each service what counts, and says of each what that is.
std::vector<RedGroup> ChooseKinds(std::vector<RedSeries> all, const RedQuestion& question) {
  std::vector<RedGroup> chosen;
  for (auto begin = all.begin(), end = begin; begin != all.end(); begin = end) {
    while (end != all.end() && end->service == begin->service) ++end;
    const bool has_entries = question.entry && std::any_of(begin, end, IsEntry);
    std::string counted = has_entries ? "entry" : "all";
    if (question.plan.kind) counted = SpanKindName(static_cast<SpanKind>(*question.plan.kind));
    for (auto one = begin; one != end; ++one) {
      if (!has_entries || IsEntry(*one)) chosen.push_back({std::move(*one), counted});
    }
  }
  return chosen;
}

// One group a service, whatever the kinds.
void JoinKinds(std::vector<RedGroup>& groups) {
  size_t kept = 0;
  for (size_t i = 0; i < groups.size(); ++i) {
    if (kept > 0 && groups[kept - 1].series.service == groups[i].series.service) {
      AddSeries(groups[i].series, groups[kept - 1].series);
    } else {
      if (kept != i) groups[kept] = std::move(groups[i]);
      ++kept;
    }
  }
  groups.resize(kept);
}

void JoinRarest(std::vector<RedGroup>& groups) {
  if (groups.size() <= limits::kRedGroupsMax) return;
  std::ranges::stable_sort(groups, std::greater<>(), [](const RedGroup& group) { return group.series.total.count(); });
  RedGroup other{{.service = std::string(Rollup::kOther), .operation = std::string(Rollup::kOther)}, "all"};
  for (size_t i = limits::kRedGroupsMax - 1; i < groups.size(); ++i) AddSeries(groups[i].series, other.series);
  groups.resize(limits::kRedGroupsMax - 1);
  groups.push_back(std::move(other));
  std::ranges::sort(groups, {}, [](const RedGroup& group) {
    return std::tie(group.series.service, group.series.operation, group.series.kind);
  });
}

}  // namespace

uint64_t RedWindow::minutes() const { return start_max_ns / kNanosPerMinute - start_min_ns / kNanosPerMinute + 1; }

Result<RedWindow> ParseRedWindow(const jaeger::Parameters& parameters, uint64_t now_ns, uint64_t lookback_ns) {
  ASSIGN_OR_RETURN(const auto start_ns, TimeParameter(parameters, "start"));
  ASSIGN_OR_RETURN(const auto end_ns, TimeParameter(parameters, "end"));
  const uint64_t to_ns = end_ns.value_or(std::max(now_ns, start_ns.value_or(0)));
  const uint64_t from_ns = start_ns.value_or(to_ns > lookback_ns ? to_ns - lookback_ns : 0);
  if (from_ns > to_ns) return Invalid("invalid parameter: start time must be before end time");
  const uint64_t last_minute_ns = to_ns / kNanosPerMinute * kNanosPerMinute;
  const uint64_t rest_ns = std::min(kNanosPerMinute - 1, std::numeric_limits<uint64_t>::max() - last_minute_ns);
  return RedWindow{from_ns / kNanosPerMinute * kNanosPerMinute, last_minute_ns + rest_ns};
}

Result<RedQuestion> ParseRedQuestion(const jaeger::Parameters& parameters, const RedWindow& window) {
  RedQuestion question;
  question.plan.start_min_ns = window.start_min_ns;
  question.plan.start_max_ns = window.start_max_ns;
  ASSIGN_OR_RETURN(const std::string_view service, parameters.One("service"));
  ASSIGN_OR_RETURN(const std::string_view operation, parameters.One("operation"));
  ASSIGN_OR_RETURN(const std::string_view kind, parameters.One("kind"));
  if (!service.empty()) question.plan.service = service;
  if (!operation.empty()) question.plan.operation = operation;
  question.entry = kind.empty() || kind == "entry";
  if (question.entry) return question;
  question.plan.kind = KindOf(kind);
  if (!question.plan.kind) {
    return Invalid(
        fmt::format("invalid parameter: kind '{}' is none of entry, server, client, producer, consumer, "
                    "internal, unspecified",
                    kind));
  }
  return question;
}

Result<RedGroups> AskRed(TraceStore& store, const RedQuestion& question, const QueryContext& context) {
  ASSIGN_OR_RETURN(RedAnswer answer, store.Red(question.plan, context));
  RedGroups groups{ChooseKinds(std::move(answer.series), question), answer.complete, std::move(answer.warnings)};
  if (!question.plan.by_operation) JoinKinds(groups.groups);
  JoinRarest(groups.groups);
  return groups;
}

}  // namespace spoor::api
