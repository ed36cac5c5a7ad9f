import './learn.css';
import lessons from 'virtual:lessons';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useCommands } from '../app/keys/command';
import { here, href, navigate } from '../app/location';
import { useScreenMark } from '../app/on_screen';
import { lessonPlace } from '../app/route';
import { TopBar } from '../app/top_bar';
import { Icon } from '../controls/icon';
import { useMedia } from '../controls/use_media';
import { ChecksPanel } from './checks_panel';
import { Contents } from './contents';
import type { Lesson } from './lesson';
import { LessonNodes } from './lesson_nodes';
import { markRead, readLessons } from './read_lessons';
import { useChecks, type Checks } from './use_checks';

/** From here on contents, lesson and checks stand side by side; learn.css has the same number. */
const WIDE = '(min-width: 1180px)';

export default function LearnPage({ slug }: { slug: string }) {
  const index = lessons.findIndex((lesson) => lesson.slug === slug);
  const lesson = lessons[index];
  const checks = useChecks();
  const wide = useMedia(WIDE);
  useEffect(() => {
    document.title = `${lesson?.title ?? 'No such lesson'} · Spoor`;
  }, [lesson]);
  useScreenMark('learn-ready', slug);
  useLessonCommands(lessons[index - 1], lesson && lessons[index + 1], checks);
  useScrollToPlace();
  const contents = <Contents lessons={lessons} current={lesson} />;
  return (
    <>
      <TopBar>
        <p class="learn-name">{slug ? <a href={href('/learn')}>Learn tracing</a> : 'Learn tracing'}</p>
      </TopBar>
      <div class="learn">
        {wide ? contents : <Folded checks={checks}>{contents}</Folded>}
        {lesson ? <LessonArticle key={slug} index={index} /> : <NoSuchLesson slug={slug} />}
        {wide && <ChecksPanel checks={checks} />}
      </div>
    </>
  );
}

/** On narrow screens: progress and contents above the lesson, unfolded on demand. */
function Folded({ checks, children }: { checks: Checks; children: preact.ComponentChildren }) {
  const [open, setOpen] = useState<'checks' | 'contents' | null>(null);
  const place = here.value;
  useEffect(() => setOpen((now) => (now === 'contents' ? null : now)), [place]);
  const { result, offered } = checks;
  const said = result ? `${result.score} of ${result.maxScore}` : offered === 'off' ? 'not checked' : '…';
  const fold = (which: 'checks' | 'contents') => () => setOpen(open === which ? null : which);
  return (
    <div class="learn-folds">
      <div class="learn-fold-heads">
        <button
          type="button"
          aria-expanded={open === 'checks'}
          aria-controls="learn-checks"
          onClick={fold('checks')}
        >
          <span>
            Progress <span class="dim">{said}</span>
          </span>
          <Icon name={open === 'checks' ? 'up' : 'down'} />
        </button>
        <button
          type="button"
          aria-expanded={open === 'contents'}
          aria-controls="learn-contents"
          onClick={fold('contents')}
        >
          <span>Lessons</span>
          <Icon name={open === 'contents' ? 'up' : 'down'} />
        </button>
      </div>
      <div id="learn-checks" hidden={open !== 'checks'}>
        <ChecksPanel checks={checks} />
      </div>
      <div id="learn-contents" hidden={open !== 'contents'}>
        {children}
      </div>
    </div>
  );
}

function LessonArticle({ index }: { index: number }) {
  const { slug, title, body } = lessons[index] as Lesson;
  const end = useRef<HTMLElement>(null);
  /** What the reader says counts more than what was seen. */
  const decided = useRef(false);
  useEffect(() => {
    const sees = new IntersectionObserver(([entry]) => {
      if (entry?.isIntersecting && slug && !decided.current) markRead(slug, true);
    });
    if (end.current) sees.observe(end.current);
    return () => sees.disconnect();
  }, []);
  const read = readLessons.value.has(slug);
  const toggle = () => {
    decided.current = true;
    markRead(slug, !read);
  };
  return (
    <article class="lesson" aria-labelledby="lesson-title">
      {slug && (
        <p class="lesson-number dim">
          Lesson {index} of {lessons.length - 1}
        </p>
      )}
      <h1 id="lesson-title">{title}</h1>
      <LessonNodes nodes={body} page={lessonPlace(slug)} />
      <footer class="lesson-end" ref={end}>
        <nav aria-label="Lesson before and after">
          <Neighbour lesson={lessons[index - 1]} before />
          <Neighbour lesson={lessons[index + 1]} />
        </nav>
        {slug && (
          <button type="button" class="btn sm" aria-pressed={read} onClick={toggle}>
            <Icon name="check" />
            {read ? 'Read' : 'Mark as read'}
          </button>
        )}
      </footer>
    </article>
  );
}

function Neighbour({ lesson, before = false }: { lesson: Lesson | undefined; before?: boolean }) {
  if (!lesson) return <span />;
  return (
    <a class={before ? 'before' : 'after'} href={href(lessonPlace(lesson.slug))}>
      <Icon name={before ? 'left' : 'right'} />
      <span>
        <span class="dim">{before ? 'Back' : 'Next'}</span>
        <b>{lesson.title}</b>
      </span>
    </a>
  );
}

function NoSuchLesson({ slug }: { slug: string }) {
  return (
    <div class="state">
      <h1>There is no lesson “{slug}”</h1>
      <p>It may have been renamed since the link was made. All lessons stand in the contents.</p>
      <a class="btn sm line" href={href('/learn')}>
        To the first page
      </a>
    </div>
  );
}

function useLessonCommands(before: Lesson | undefined, after: Lesson | undefined, checks: Checks): void {
  const { checkNow, offered } = checks;
  useCommands(() => {
    const go = (id: string, words: string, key: string, lesson: Lesson | undefined) =>
      lesson
        ? [{ id, group: 'Lessons', words, keys: [key], run: () => navigate(lessonPlace(lesson.slug)) }]
        : [];
    const check = { id: 'learn-check', group: 'Lessons', words: 'Check now', keys: ['c'], run: checkNow };
    return {
      layer: 'page',
      commands: [
        ...go('learn-next', 'Next lesson', 'n', after),
        ...go('learn-before', 'Lesson before', 'p', before),
        ...(offered === 'on' ? [check] : []),
      ],
    };
  }, [before, after, offered]);
}

/** Scrolls to the heading that the address names, with the focus; else to where the reader had been. */
function useScrollToPlace(): void {
  const place = here.value;
  useLayoutEffect(() => {
    const heading = document.getElementById(location.hash.slice(1));
    if (!heading) return window.scrollTo(0, place.scroll);
    heading.scrollIntoView();
    heading.focus({ preventScroll: true });
  }, [place]);
}
