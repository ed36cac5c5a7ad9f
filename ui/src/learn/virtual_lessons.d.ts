/** Made by ui/vite/lessons from challenge/lessons: the page that all begin from, then the lessons in reading order. */
declare module 'virtual:lessons' {
  const lessons: import('./lesson').Lesson[];
  export default lessons;
}
