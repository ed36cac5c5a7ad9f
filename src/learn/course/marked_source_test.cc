#include "learn/course/marked_source.h"

#include <gtest/gtest.h>

#include <random>

namespace spoor::learn {
namespace {

constexpr std::string_view kFrontend = R"(#include <string>
// [2.1] Include the tracing library.
// > Its header is shop/tracing.h.
#include <shop/tracing.h>
// [/]

int main() {
  // [2.2] Start tracing.
  // > StartTracing takes the name of the service.
  // > What it gives must live as long as main.
  const auto tracing = StartTracing("frontend");
  // a comment of the solution

  // [/]
  Server server;
  // [5.1] Put a span around rendering.
  ActiveSpan span(tracer, "render_response");
  // [/]
  return server.Run();
}
)";

MarkedSource Parsed(std::string_view text) {
  Result<MarkedSource> source = MarkedSource::Parse("main.cc", text);
  EXPECT_TRUE(source) << source.error().message;
  return *std::move(source);
}

std::string Problem(std::string_view text) {
  const Result<MarkedSource> source = MarkedSource::Parse("main.cc", text);
  return source ? "none" : source.error().message;
}

TEST(MarkedSource, LeavesTodosAndHintsWhereCodeWas) {
  EXPECT_EQ(Parsed(kFrontend).Render({}), R"(#include <string>
// TODO 1 (task 2): Include the tracing library.
//   Its header is shop/tracing.h.

int main() {
  // TODO 2 (task 2): Start tracing.
  //   StartTracing takes the name of the service.
  //   What it gives must live as long as main.
  Server server;
  // TODO 1 (task 5): Put a span around rendering.
  return server.Run();
}
)");
}

TEST(MarkedSource, ShowsTheCodeOfSolvedTasksOnly) {
  EXPECT_EQ(Parsed(kFrontend).Render({2}), R"(#include <string>
// Done 1 (task 2): Include the tracing library.
#include <shop/tracing.h>

int main() {
  // Done 2 (task 2): Start tracing.
  const auto tracing = StartTracing("frontend");
  // a comment of the solution

  Server server;
  // TODO 1 (task 5): Put a span around rendering.
  return server.Run();
}
)");
}

TEST(MarkedSource, TellsItsTasks) {
  EXPECT_EQ(Parsed(kFrontend).tasks(), (Tasks{2, 5}));
  EXPECT_EQ(Parsed("int main() {}\n").tasks(), Tasks{});
}

TEST(MarkedSource, LeavesFilesWithoutMarkersAsTheyAre) {
  for (const std::string_view text : {"", "\n", "no line feed at the end", "a[2.1] // > x\r\n\r\n// > no hint\n",
                                      "  // [x] an index, [2.1] too\nint a[2];  // [2.1] not alone on its line\n"}) {
    EXPECT_EQ(Parsed(text).Render({}), text);
    EXPECT_EQ(Parsed(text).Render({1, 2}), text);
  }
}

TEST(MarkedSource, TakesHintsOnlyRightBelowTheMarker) {
  const std::string_view text = "// [2.1] Do it.\n// > a hint\ncode();\n// > no hint\n// [/]\n";
  EXPECT_EQ(Parsed(text).Render({}), "// TODO 1 (task 2): Do it.\n//   a hint\n");
  EXPECT_EQ(Parsed(text).Render({2}), "// Done 1 (task 2): Do it.\ncode();\n// > no hint\n");
}

TEST(MarkedSource, NamesFileAndLineOfABadMarker) {
  EXPECT_EQ(Problem("a\n// [2.1] Do it.\nb\n"), "main.cc:2: no // [/] closes this marker");
  EXPECT_EQ(Problem("a\n// [2.1] Do it.\nb\n  // [2.2] And it.\nc\n// [/]\n// [/]\n"),
            "main.cc:4: close the marker of line 2 with // [/] first");
  EXPECT_EQ(Problem("a\n// [/]\n"), "main.cc:2: // [/] closes nothing");
  EXPECT_EQ(Problem("// [2.1] Do it.\n// > a hint\n\n// [/]\n"), "main.cc:1: no code before // [/]");
  for (const std::string_view marker : {"//[2.1] Do it.", "// [2] Do it.", "// [2.] Do it.", "// [2.1]", "// [2.1] ",
                                        "// [2.1]Do it.", "// [0.1] Do it.", "// [2.100] Do it.", "//[/]", "// [ / ]",
                                        "// [/] end", "// [-2.1] Do it.", "// [99999999999.1] Do it."}) {
    const std::string problem = Problem(std::string("x\n  ") + std::string(marker) + "\n");
    if (marker == "// [-2.1] Do it.") {
      EXPECT_EQ(problem, "none");  // a comment that begins with an interval
    } else {
      EXPECT_TRUE(problem.starts_with("main.cc:2: a marker is")) << marker << ": " << problem;
    }
  }
}

// Any file of parts, in any order: what is left with everything solved is the file without its markers; with nothing
// solved, it is the file without its markers and without what stands between them.
TEST(MarkedSource, LosesNothingAndAddsNothing) {
  std::mt19937 random(7);
  const auto one_of = [&](auto... choices) {
    const std::string all[] = {choices...};
    return all[random() % std::size(all)];
  };
  for (int round = 0; round < 500; ++round) {
    std::string text, solution, starter;
    for (int part = 0; part < 6; ++part) {
      const std::string code = one_of("a();\n", "\n", "  if (b) {\n    c();\n  }\n", "// plain\n", "#include <d>\n\n");
      if (random() % 2 == 0) {
        text += code;
        solution += code;
        starter += code;
        continue;
      }
      const std::string indent = one_of("", "  ", "\t", "      ");
      const std::string task = std::to_string(2 + random() % 4), step = std::to_string(1 + random() % 12);
      const std::string hint = one_of("", "look there");
      text += indent + "// [" + task + "." + step + "] Do it.\n";
      if (!hint.empty()) text += indent + "// > " + hint + "\n";
      text += "x();\n" + code + indent + "// [/]\n";
      solution += indent + "// Done " + step + " (task " + task + "): Do it.\nx();\n" + code;
      starter += indent + "// TODO " + step + " (task " + task + "): Do it.\n";
      if (!hint.empty()) starter += indent + "//   " + hint + "\n";
    }
    ASSERT_EQ(Parsed(text).Render({2, 3, 4, 5}), solution);
    ASSERT_EQ(Parsed(text).Render({}), starter);
  }
}

TEST(OpenSteps, CountsTheTodosThatAreLeft) {
  const MarkedSource source = Parsed(kFrontend);
  EXPECT_EQ(OpenSteps(source.Render({})), (std::map<int, int>{{2, 2}, {5, 1}}));
  EXPECT_EQ(OpenSteps(source.Render({2})), (std::map<int, int>{{5, 1}}));
  EXPECT_EQ(OpenSteps(source.Render({2, 5})), (std::map<int, int>{}));
}

TEST(OpenSteps, TakesNoOtherCommentForOne) {
  EXPECT_EQ(
      OpenSteps("// TODO write a test\n// TODO 1 (task x): y\n// TODO 1: z\nTODO 1 (task 2): a\n// TODO 1 (task 2)"),
      (std::map<int, int>{}));
}

}  // namespace
}  // namespace spoor::learn
