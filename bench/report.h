// Figures as Markdown.
#pragma once

#include <string>
#include <vector>

#include "bench/ingest.h"

namespace spoor::bench {

// The machine, the commit and the command: what every table is headed by.
std::string Heading(const std::string& binary, const std::string& command);

std::string IngestTable(const std::vector<IngestResult>& results);
// Acknowledgements at half of the rate.
std::string AckTable(const std::vector<IngestResult>& results);

// Replaces what stands between "<!-- NAME -->" and "<!-- /NAME -->" in the file at `path`.
void ReplaceSection(const std::string& path, const std::string& name, const std::string& text);

}  // namespace spoor::bench
