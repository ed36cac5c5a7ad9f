// A program that forks: the child traces on, and nothing of the parent's is exported twice.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <thread>

#include "api/tracer_provider.h"
#include "testing/http_receiver.h"
#include "testing/recording.h"
#include "testing/sanitizers.h"
#include "testing/scripted_exporter.h"

namespace spoor::trace {
namespace {

using std::chrono::milliseconds;

// Runs `in_child` in a fork; what it says is wrong comes back, "" if nothing is.
std::string Fork(const std::function<std::string()>& in_child) {
  int pipe_ends[2];
  if (pipe(pipe_ends) != 0) return "no pipe";
  const pid_t child = fork();
  if (child == 0) {
    alarm(60);  // a child that hangs ends, and is missed
    const std::string wrong = in_child();
    const ssize_t written = write(pipe_ends[1], wrong.data(), wrong.size());
    _exit(written == static_cast<ssize_t>(wrong.size()) ? 0 : 1);
  }
  close(pipe_ends[1]);
  std::string wrong;
  char bytes[512];
  for (ssize_t count; (count = read(pipe_ends[0], bytes, sizeof(bytes))) > 0;) {
    wrong.append(bytes, static_cast<size_t>(count));
  }
  close(pipe_ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  return status == 0 ? wrong : wrong + " and it ended with " + std::to_string(status);
}

class ForkTest : public ::testing::Test {
 protected:
  void SetUp() override {
#ifdef SPOOR_HAS_TSAN
    GTEST_SKIP() << "the thread sanitizer does not know children with threads";
#endif
  }
};

TEST_F(ForkTest, TheChildExportsItsOwnSpansAndNoneOfTheParents) {
  const auto script = std::make_shared<testing::ExportScript>();
  const auto batch = BatchProcessor::Make(std::make_unique<testing::ScriptedExporter>(script),
                                          {100, 10, std::chrono::hours(1), std::chrono::hours(1)});
  TracerProvider provider({Resource(), nullptr, {batch}, {}, nullptr});
  const Tracer tracer = provider.GetTracer("test");
  for (int i = 0; i < 5; ++i) tracer.StartSpan("the parent's").End();
  Span open = tracer.StartSpan("open in the parent");
  const std::string wrong = Fork([&]() -> std::string {
    if (batch->counts().ended != 0) return "the counts are the parent's";
    const Scope scope(open);
    Span own = tracer.StartSpan("the child's");
    if (own.context().trace_id() != open.context().trace_id()) return "it is not the parent's child";
    own.End();
    open.SetAttribute("from", "child").End();
    if (!provider.ForceFlush(std::chrono::seconds(20))) return "the flush does not end";
    if (script->spans != 1) return std::to_string(script->spans) + " spans are exported";
    if (script->forks != 1) return "the exporter is not told";
    return provider.Shutdown(std::chrono::seconds(20)) ? "" : "the shutdown does not end";
  });
  EXPECT_EQ(wrong, "");
  open.End();
  EXPECT_TRUE(provider.ForceFlush());
  EXPECT_EQ(script->spans, 6u);
}

TEST_F(ForkTest, TheChildHasIdsOfItsOwn) {
  testing::Recording recording;
  recording.tracer.StartSpan("seeds").End();
  int pipe_ends[2];
  ASSERT_EQ(pipe(pipe_ends), 0);
  Fork([&]() -> std::string {
    const std::string id = recording.tracer.StartSpan("span").context().trace_id().ToHex();
    return write(pipe_ends[1], id.data(), id.size()) == 32 ? "" : "not written";
  });
  char id[33] = {};
  ASSERT_EQ(read(pipe_ends[0], id, 32), 32);
  close(pipe_ends[0]);
  close(pipe_ends[1]);
  EXPECT_NE(recording.tracer.StartSpan("span").context().trace_id().ToHex(), id);
}

TEST_F(ForkTest, TheChildSaysWhichProcessItIs) {
  const auto memory = std::make_shared<SpansInMemory>();
  const Resource given = Resource::Detect().Merge(Resource({{"service.name", "s"}, {"process.executable.name", "e"}}));
  TracerProvider provider({given, nullptr, {SimpleProcessor(InMemoryExporter(memory))}, {}, nullptr});
  const Tracer tracer = provider.GetTracer("test");
  EXPECT_EQ(Fork([&]() -> std::string {
              tracer.StartSpan("span").End();
              const auto spans = memory->Take();
              if (spans.size() != 1) return "no span";
              const Resource& resource = spans[0].resource();
              if (resource.Text("process.pid") != std::to_string(getpid())) return "the pid is the parent's";
              const std::string id = resource.Text("service.instance.id");
              if (id.size() != 36 || id == given.Text("service.instance.id")) return "so is the instance: " + id;
              if (id != Resource::Detect().Text("service.instance.id")) return "it is not one id for the process";
              if (resource.Text("service.name") != "s") return "the name is lost";
              if (fork() == 0) {
                tracer.StartSpan("grandchild").End();
                _exit(memory->Take()[0].resource().Text("process.pid") == std::to_string(getpid()) ? 0 : 1);
              }
              int status = 1;
              wait(&status);
              return status == 0 ? "" : "the grandchild is not itself";
            }),
            "");
  tracer.StartSpan("span").End();
  EXPECT_EQ(memory->Take()[0].resource().Text("process.pid"), std::to_string(getpid()));
}

TEST_F(ForkTest, TheChildKeepsWhatTheProgramSaidOfIt) {
  const auto memory = std::make_shared<SpansInMemory>();
  const Resource given = Resource::Detect().Merge(Resource({{"service.instance.id", "blue"}}));
  TracerProvider provider({given, nullptr, {SimpleProcessor(InMemoryExporter(memory))}, {}, nullptr});
  EXPECT_EQ(Fork([&]() -> std::string {
              provider.GetTracer("test").StartSpan("span").End();
              return memory->Take()[0].resource().Text("service.instance.id");
            }),
            "blue");
}

TEST_F(ForkTest, TheChildHangsOnNothingThatTheParentsThreadsHold) {
  const auto script = std::make_shared<testing::ExportScript>();
  const auto batch = BatchProcessor::Make(std::make_unique<testing::ScriptedExporter>(script),
                                          {64, 8, milliseconds(1), milliseconds(100)});
  TracerProvider provider({Resource(), nullptr, {batch}, {}, nullptr});
  std::atomic<bool> is_over{false};
  std::vector<std::thread> threads;
  for (int i = 0; i < 2; ++i) {
    threads.emplace_back([&, i] {
      for (int n = 0; !is_over; ++n) {
        const Tracer tracer = provider.GetTracer("tracer " + std::to_string(n % 50));
        const ActiveSpan span(tracer, "span");
        span->SetAttribute("i", i);
        if (n % 16 == 0) provider.ForceFlush(milliseconds(1));
      }
    });
  }
  for (int round = 0; round < 20; ++round) {
    EXPECT_EQ(Fork([&]() -> std::string {
                new (&script->mutex) std::mutex;  // the test's own, which a parent's thread may hold
                new (&script->changed) std::condition_variable;
                const Tracer tracer = provider.GetTracer("new in the child");
                for (int i = 0; i < 20; ++i) tracer.StartSpan("span").End();
                return provider.Shutdown(std::chrono::seconds(20)) ? "" : "the shutdown does not end";
              }),
              "");
  }
  is_over = true;
  for (std::thread& thread : threads) thread.join();
  EXPECT_TRUE(provider.Shutdown());
}

TEST_F(ForkTest, TheChildSendsOverAConnectionOfItsOwn) {
  testing::HttpReceiver receiver;
  OtlpHttpOptions options;
  options.url = receiver.Url();
  TracerProvider provider({Resource(), nullptr, {BatchProcessor::Make(OtlpHttpExporter(options))}, {}, nullptr});
  const Tracer tracer = provider.GetTracer("test");
  tracer.StartSpan("parent").End();
  ASSERT_TRUE(provider.ForceFlush());
  EXPECT_EQ(Fork([&]() -> std::string {
              tracer.StartSpan("child").End();
              return provider.Shutdown(std::chrono::seconds(20)) ? "" : "the shutdown does not end";
            }),
            "");
  tracer.StartSpan("parent again").End();
  EXPECT_TRUE(provider.Shutdown());
  const auto requests = receiver.requests();
  ASSERT_EQ(requests.size(), 3u);
  EXPECT_EQ(requests[0].connection, 0);
  EXPECT_EQ(requests[1].connection, 1);
  EXPECT_EQ(requests[2].connection, 0) << "the child has left the parent's connection alone";
}

TEST_F(ForkTest, ASimpleProcessorWorksInTheChildToo) {
  testing::Recording recording;
  EXPECT_EQ(Fork([&]() -> std::string {
              recording.tracer.StartSpan("span").End();
              return recording.Take().size() == 1 ? "" : "no span";
            }),
            "");
  EXPECT_TRUE(recording.Take().empty());
}

}  // namespace
}  // namespace spoor::trace
