// A lesson as data: what the build makes of a Markdown file (ui/vite/lessons) and the page renders. Never HTML.

/** A text, or an element with its attributes and what is inside it. */
export type LessonNode = string | LessonElement;
export type LessonElement = [name: string, attributes: Record<string, string>, ...children: LessonNode[]];

/** A second-level heading, for the list of contents. */
export interface Section {
  id: string;
  title: string;
}

export interface Lesson {
  /** Its last part of the address; empty for the page that all begin from. */
  slug: string;
  title: string;
  sections: Section[];
  body: LessonNode[];
}
