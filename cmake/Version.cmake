# The version of project() and the commit, for src/base/version.cc alone. The commit is looked up while building, in a
# step that runs when git's log of HEAD moved and rewrites its file only for another commit.

# spoor_version(TARGET FILE): gives FILE, a source of TARGET, the macros SPOOR_VERSION and SPOOR_COMMIT.
function(spoor_version target file)
  set(header "${CMAKE_BINARY_DIR}/generated/base/commit.inc")
  set(depends "${CMAKE_SOURCE_DIR}/cmake/WriteCommit.cmake")
  execute_process(COMMAND git rev-parse --git-path logs/HEAD WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}"
    OUTPUT_VARIABLE log OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
  get_filename_component(log "${log}" ABSOLUTE BASE_DIR "${CMAKE_SOURCE_DIR}")
  if(NOT failed AND EXISTS "${log}")
    list(APPEND depends "${log}")
  endif()
  add_custom_command(OUTPUT "${header}" DEPENDS ${depends} VERBATIM
    COMMAND "${CMAKE_COMMAND}" -DSOURCE=${CMAKE_SOURCE_DIR} -DHEADER=${header} -P
      "${CMAKE_SOURCE_DIR}/cmake/WriteCommit.cmake")
  target_sources(${target} PRIVATE "${header}")
  set_source_files_properties("${file}" PROPERTIES
    COMPILE_DEFINITIONS "SPOOR_VERSION=\"${PROJECT_VERSION}\""
    INCLUDE_DIRECTORIES "${CMAKE_BINARY_DIR}/generated"
    OBJECT_DEPENDS "${header}")
endfunction()
