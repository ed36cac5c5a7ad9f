// A traced program that ends, in one of the ways in which programs do, while spans still wait to be sent.
//
//   tracing_end return       from main
//   tracing_end exit         by exit(), within a span
//   tracing_end thread       by exit() on another thread, while others go on tracing and main waits
//   tracing_end static       with its Tracing in a static variable
//   tracing_end child        by exit() in the child of a fork, and then from main
//   tracing_end exception    by leaving main's block through an exception
#include <spoor/tracing.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>

namespace trace = spoor::trace;

namespace {

std::optional<trace::Tracing> kept;

// Spans that end one after the other until the process does.
void TraceOn(const trace::Tracer& tracer) {
  while (true) trace::ActiveSpan(tracer, "background")->SetAttribute("key", "value");
}

void ExitOnAnotherThread(const trace::Tracer& tracer) {
  for (int i = 0; i < 2; ++i) std::thread([tracer] { TraceOn(tracer); }).detach();  // check-ok(bans): to outlive main
  std::thread([] { std::exit(0); }).join();
}

}  // namespace

int main(int argc, char** argv) {
  const std::string way = argc > 1 ? argv[1] : "return";
  const trace::Tracer tracer = trace::GetTracer("tracing_end");
  try {
    trace::Tracing tracing = trace::StartTracing("tracing_end");
    tracer.StartSpan("ended").End();
    if (way == "static") kept.emplace(std::move(tracing));
    if (way == "exit") {
      const trace::ActiveSpan open(tracer, "open");
      std::exit(0);
    }
    if (way == "thread") ExitOnAnotherThread(tracer);
    if (way == "child") {
      if (fork() == 0) {
        tracer.StartSpan("of the child").End();
        std::exit(0);
      }
      wait(nullptr);
    }
    if (way == "exception") {
      const trace::ActiveSpan through(tracer, "through");
      throw std::runtime_error("out");  // check-ok(bans): that is what this way is about
    }
  } catch (const std::runtime_error&) {
  }
}
