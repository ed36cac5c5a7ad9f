# What is embedded for learner's copies.

# Appends the files below FOLDER whose path in it matches the regular expression WANTED to `names`, with PREFIX before
# the path, and to `files`.
macro(spoor_course_folder folder prefix wanted)
  file(GLOB_RECURSE found CONFIGURE_DEPENDS RELATIVE "${CMAKE_SOURCE_DIR}/${folder}" "${CMAKE_SOURCE_DIR}/${folder}/*")
  list(FILTER found INCLUDE REGEX "${wanted}")
  list(FILTER found EXCLUDE REGEX "_test\\.cc$|^(bench|example|testing)/")
  foreach(path IN LISTS found)
    list(APPEND names "${prefix}${path}")
    list(APPEND files "${CMAKE_SOURCE_DIR}/${folder}/${path}")
  endforeach()
endmacro()

# spoor_embed_course(TARGET): TARGET gets EmbeddedCourse() (course.h), each file under the path that it has in a copy.
function(spoor_embed_course target)
  set(names "")
  set(files "")
  spoor_course_folder(challenge/copy "" ".")
  spoor_course_folder(challenge/lessons lessons/ ".")
  spoor_course_folder(demo services/ "\\.(h|cc)$|^CMakeLists\\.txt$")
  spoor_course_folder(sdk tracing/ "\\.(h|cc|cmake\\.in)$|^CMakeLists\\.txt$")
  spoor_embed_files(${target} spoor::learn::EmbeddedCourse learn/course/course.h NAMES ${names} FILES ${files})
endfunction()
