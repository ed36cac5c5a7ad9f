# Puts files into the binary, byte by byte, through the assembler's .incbin: no giant array to compile. Which files is
# looked at when configuring; a changed file makes only the table's object anew.

# spoor_embed_files(TARGET GETTER HEADER NAMES name... FILES file...): TARGET gets the function GETTER
# ("spoor::api::EmbeddedUi"), declared in HEADER, that gives every file (base/embedded_file.h). FILES are absolute
# paths; each is embedded under the name at its place in NAMES.
function(spoor_embed_files target getter header)
  cmake_parse_arguments(arg "" "" "NAMES;FILES" ${ARGN})
  string(REGEX MATCH "^(.*)::([^:]+)$" ignored "${getter}")
  set(namespace "${CMAKE_MATCH_1}")
  set(function "${CMAKE_MATCH_2}")

  set(sections "")
  set(symbols "")
  set(entries "")
  set(number 0)
  foreach(name file IN ZIP_LISTS arg_NAMES arg_FILES)
    set(symbol "spoor_${function}_${number}")
    string(APPEND sections "  \".balign 8\\n${symbol}:\\n.incbin \\\"${file}\\\"\\n\"\n")
    string(APPEND sections "  \"${symbol}_end:\\n.byte 0\\n\"\n")
    string(APPEND symbols "extern \"C\" const char ${symbol}[], ${symbol}_end[];\n")
    string(APPEND entries "    {\"${name}\", Between(${symbol}, ${symbol}_end)},\n")
    math(EXPR number "${number} + 1")
  endforeach()

  set(table "${CMAKE_BINARY_DIR}/generated/embedded/${function}.cc")
  file(CONFIGURE OUTPUT "${table}" @ONLY CONTENT [[// Made by cmake/EmbedFiles.cmake.
#include "@header@"

__asm__(
  ".pushsection .rodata\n"
@sections@  ".popsection\n");

@symbols@
namespace @namespace@ {
namespace {

std::string_view Between(const char* begin, const char* end) { return {begin, static_cast<size_t>(end - begin)}; }

}  // namespace

std::span<const EmbeddedFile> @function@() {
  static const EmbeddedFile files[] = {
@entries@  };
  return files;
}

}  // namespace @namespace@
]])
  set_source_files_properties("${table}" PROPERTIES OBJECT_DEPENDS "${arg_FILES}")
  target_sources(${target} PRIVATE "${table}")
endfunction()
