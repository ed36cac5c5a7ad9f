// A source file of the course, in which the solution of each step stands between markers, and what a learner sees of
// it.
//
//     // [2.3] Make every request that comes in a span.
//     // > web::TraceRequests wraps them.
//     server.Wrap(web::TraceRequests(tracer_));
//     // [/]
//
// is step 3 of task 2. Where the task is not solved, this much is left of it:
//
//     // TODO 3 (task 2): Make every request that comes in a span.
//     //   web::TraceRequests wraps them.
//
// and where it is solved:
//
//     // Done 3 (task 2): Make every request that comes in a span.
//     server.Wrap(web::TraceRequests(tracer_));
//
// The rule, for those who write such files, is in challenge/README.md.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace spoor::learn {

using Tasks = std::set<int>;

class MarkedSource {
 public:
  // A marker that is misspelt, nested, never closed or around nothing is an error that names `path` and the line.
  static Result<MarkedSource> Parse(std::string_view path, std::string_view text);

  // The tasks that have a step in this file.
  Tasks tasks() const;

  // The file as it is for somebody who has solved `solved`: the code of every other task is left out.
  std::string Render(const Tasks& solved) const;

 private:
  class Parser;
  struct Part {
    int task = 0;  // 0: not between markers
    int step = 0;
    std::string indent;
    std::string title;
    std::vector<std::string> hints;
    std::string text;  // whole lines
  };

  std::vector<Part> parts_;
};

// How many steps of each task are still to do in a learner's file, told by its TODO comments.
std::map<int, int> OpenSteps(std::string_view text);

}  // namespace spoor::learn
