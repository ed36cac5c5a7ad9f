import { href } from '../app/location';
import { lessonPlace } from '../app/route';
import { Icon } from '../controls/icon';
import type { Lesson } from './lesson';
import { readLessons } from './read_lessons';

interface Props {
  /** All of them; the first is the page that they begin from, which counts as no lesson. */
  lessons: readonly Lesson[];
  current: Lesson | undefined;
}

/** The lessons in order, with what was read, and the headings of the one that is open. */
export function Contents({ lessons: [start, ...lessons], current }: Props) {
  const read = lessons.filter(({ slug }) => readLessons.value.has(slug)).length;
  return (
    <nav class="contents" aria-label="Lessons">
      <p class="contents-read">
        <span>
          {read} of {lessons.length} read
        </span>
        <progress value={read} max={lessons.length} aria-label="Lessons read" />
      </p>
      <ol>
        {start && (
          <li class="contents-start">
            <Entry lesson={start} current={start === current} mark="" />
          </li>
        )}
        {lessons.map((lesson, index) => (
          <li key={lesson.slug}>
            <Entry lesson={lesson} current={lesson === current} mark={String(index + 1)} />
            {lesson === current && lesson.sections.length > 0 && (
              <ul>
                {lesson.sections.map(({ id, title }) => (
                  <li key={id}>
                    <a href={href(`${lessonPlace(lesson.slug)}#${id}`)}>{title}</a>
                  </li>
                ))}
              </ul>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}

function Entry({ lesson: { slug, title }, current, mark }: { lesson: Lesson; current: boolean; mark: string }) {
  const read = slug !== '' && readLessons.value.has(slug);
  return (
    <a href={href(lessonPlace(slug))} aria-current={current ? 'page' : undefined}>
      <span class="contents-mark" aria-hidden="true">
        {read ? <Icon name="check" /> : mark}
      </span>
      <span>{title}</span>
      {read && <span class="sr">(read)</span>}
    </a>
  );
}
