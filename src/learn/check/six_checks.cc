#include "learn/check/six_checks.h"

#include <algorithm>

#include "base/check.h"

namespace spoor::learn {
namespace {

constexpr int kPoints[kTaskCount] = {20, 20, 20, 10, 15, 15};

std::string TitleOfTask(int task, const Observation& observation) {
  switch (task) {
    case 1:
    case 2:
    case 3: return std::string(TitleOf(kServices[static_cast<size_t>(task - 1)])) + " tracing configured";
    case 4: return "All services running";
    case 5: return "Traces appearing in " + BackendName(observation);
    default: return "Traces are properly linked";
  }
}

bool IsThroughFrontend(const Probe& probe) { return probe.service == Service::kFrontend && !probe.is_health; }

bool IsAsked(int task, const CheckSettings& settings) { return settings.task.value_or(task) == task; }

void Show(const Probe* probe, TaskResult& result) {
  if (probe != nullptr && !probe->trace.empty()) result.trace_id = probe->trace_id;
}

void JudgeService(Service service, const Observation& observation, const CheckSettings& settings, TaskResult& result) {
  const Finding finding = Diagnose(EvidenceOf(service, observation));
  result.passed = finding == Finding::kTraced;
  Show(BestProbe(service, observation), result);
  if (!result.passed) result.why = Explain(finding, service, observation, settings);
}

void JudgeHealth(const Observation& observation, const CheckSettings& settings, TaskResult& result) {
  result.passed = std::all_of(kServices.begin(), kServices.end(), [&](Service service) {
    const Probe* const probe = HealthProbe(service, observation);
    return probe != nullptr && ReachOf(*probe) == Reach::kAnswers;
  });
  if (!result.passed) result.why = ExplainHealth(observation, settings);
}

void JudgeArrival(const Observation& observation, const CheckSettings& settings, TaskResult& result) {
  size_t sent = 0, arrived = 0;
  for (const Probe& probe : observation.probes) {
    if (!IsThroughFrontend(probe)) continue;
    ++sent;
    arrived += probe.trace.empty() ? 0 : 1;
    if (result.trace_id.empty()) Show(&probe, result);
  }
  result.passed = sent > 0 && arrived == sent;
  if (!result.passed) result.why = ExplainArrival(arrived, sent, observation, settings);
}

void JudgeLinks(const Observation& observation, const CheckSettings& settings, TaskResult& result) {
  const LinkFinding finding = DiagnoseLinks(LinksIn(observation));
  result.passed = finding == LinkFinding::kLinked;
  Show(BestLinkedProbe(observation), result);
  if (!result.passed) result.why = ExplainLinks(finding, observation, settings);
}

// Whether the requests that a task looks at have left anything to wait for.
bool CanPass(int task, const Observation& observation) {
  const auto may_trace = [&](Service service) {
    return std::any_of(observation.probes.begin(), observation.probes.end(), [&](const Probe& probe) {
      return probe.service == service && (probe.outcome.IsAnswered() || ReachOf(probe) == Reach::kSilent);
    });
  };
  switch (task) {
    case 1:
    case 2:
    case 3: return may_trace(kServices[static_cast<size_t>(task - 1)]);
    case 4: return false;  // no span changes it
    case 5: return may_trace(Service::kFrontend);
    default: return std::all_of(kServices.begin(), kServices.end(), may_trace);
  }
}

TaskResult JudgeTask(int task, const Observation& observation, const CheckSettings& settings) {
  TaskResult result{.task = task, .title = TitleOfTask(task, observation), .points = kPoints[task - 1]};
  switch (task) {
    case 1:
    case 2:
    case 3: JudgeService(kServices[static_cast<size_t>(task - 1)], observation, settings, result); break;
    case 4: JudgeHealth(observation, settings, result); break;
    case 5: JudgeArrival(observation, settings, result); break;
    default: JudgeLinks(observation, settings, result);
  }
  return result;
}

}  // namespace

std::vector<TaskResult> Judge(const Observation& observation, const CheckSettings& settings) {
  std::vector<TaskResult> results;
  for (int task = 1; task <= kTaskCount; ++task) {
    if (IsAsked(task, settings)) results.push_back(JudgeTask(task, observation, settings));
  }
  return results;
}

bool IsSettled(const Observation& observation, const CheckSettings& settings) {
  const bool all_ended = std::all_of(observation.probes.begin(), observation.probes.end(),
                                     [](const Probe& probe) { return probe.has_ended; });
  if (!all_ended) return false;
  const std::vector<TaskResult> results = Judge(observation, settings);
  return std::all_of(results.begin(), results.end(),
                     [&](const TaskResult& result) { return result.passed || !CanPass(result.task, observation); });
}

}  // namespace spoor::learn
