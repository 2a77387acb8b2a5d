import { getRouteApi } from '@tanstack/react-router';

const route = getRouteApi('/signed-in/courses/$course');

/** The course that the address names, and my role in it. */
export function useCourse() {
  return route.useRouteContext().course;
}
